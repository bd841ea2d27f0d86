import { probe, type ProbeWorld } from '../../src/cli/commands/probe';

/** Nothing is read and nothing is created. */
const NO_WORLD: ProbeWorld = {
  ports: () => {
    throw new Error('AWS was asked');
  },
  probePort: () => {
    throw new Error('a cluster was asked');
  },
  sleep: () => Promise.resolve(),
};

describe('podlift probe', () => {
  it.each(['', ' ', 'aws cli', '--privileged', 'aws-cli:2\n', '$(id)'])(
    'refuses %j as the name of an image before it asks anything',
    async (image) => {
      await expect(probe('catalog', { environment: 'dev', image, format: 'text' }, NO_WORLD)).rejects.toThrow(
        /--image ".*" is not the name of an image/s,
      );
    },
  );

  it.each([
    'aws-cli',
    'public.ecr.aws/aws-cli/aws-cli:2.17.0',
    'localhost:5000/aws-cli@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  ])('goes on with %s', async (image) => {
    await expect(probe('catalog', { environment: 'dev', image, format: 'text' }, NO_WORLD)).rejects.toThrow(
      'AWS was asked',
    );
  });
});
