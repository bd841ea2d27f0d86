import { hardCoded, podCredentials } from '../../src/comparison/podCredentials';
import type { ContainerFacts, PodFacts } from '../../src/estate/kubernetes/KubernetesPort';
import { containerOf } from '../operations/facts';
import { podFactsOf } from './facts';

const ROLE = 'arn:aws:iam::333333333333:role/prod-orders-api';
const TOKEN = '/var/run/secrets/eks.amazonaws.com/serviceaccount/token';
const IRSA = { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: TOKEN };
const POD_IDENTITY = {
  AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials',
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE:
    '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token',
};

type Env = ContainerFacts['env'];
const podOf = (...envs: Env[]) =>
  podFactsOf({ containers: envs.map((env, index) => containerOf({ name: `c${index}`, env })) });
/** A pod into which the webhook put the volume of IRSA. */
const injected = (...envs: Env[]): PodFacts => ({
  ...podOf(...envs),
  tokenVolumes: { 'aws-iam-token': 'sts.amazonaws.com' },
});

describe('the credentials of a pod', () => {
  it.each<[string, readonly Env[], boolean, boolean]>([
    ['no variable', [{}], false, false],
    ['no container', [], false, false],
    ['the variables of IRSA', [IRSA], true, false],
    ['the variables of Pod Identity', [POD_IDENTITY], false, true],
    ['both', [{ ...IRSA, ...POD_IDENTITY }], true, true],
    ['a container that the webhook left out, and one that has both', [{}, { ...IRSA, ...POD_IDENTITY }], true, true],
    ['a role without a token', [{ AWS_ROLE_ARN: ROLE }], false, false],
    [
      'a URI without a token, as of ECS',
      [{ AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials' }],
      false,
      false,
    ],
    [
      'a token without a URI',
      [{ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: POD_IDENTITY.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE }],
      false,
      false,
    ],
    [
      'a token of something else',
      [{ ...POD_IDENTITY, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/var/run/greengrass/token' }],
      false,
      false,
    ],
    [
      'the token on Windows, below its drive',
      [
        {
          ...POD_IDENTITY,
          AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: `C:${POD_IDENTITY.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE}`,
        },
      ],
      false,
      true,
    ],
  ])('with %s', (_what, envs, webIdentity, podIdentity) => {
    expect(podCredentials(podOf(...envs))).toEqual({ webIdentity, podIdentity });
  });
});

describe('variables that the webhook did not set', () => {
  const role = `c0: AWS_ROLE_ARN=${ROLE}`;
  const token = `c0: AWS_WEB_IDENTITY_TOKEN_FILE=${TOKEN}`;

  it.each<[string, PodFacts, string[]]>([
    ['none in a pod without variables', podOf({}), []],
    ['none in a pod that the webhook gave IRSA', injected(IRSA), []],
    ['none in a pod that it gave IRSA, beside a container without variables', injected(IRSA, {}), []],
    ['none below the drive of Windows', injected({ ...IRSA, AWS_WEB_IDENTITY_TOKEN_FILE: `C:${TOKEN}` }), []],
    ['none of Pod Identity', podOf(POD_IDENTITY), []],
    ['both in a pod without the webhook’s volume', podOf(IRSA), [role, token]],
    ['both beside the variables of Pod Identity', injected({ ...IRSA, ...POD_IDENTITY }), [role, token]],
    ['both where another container has Pod Identity', injected(IRSA, POD_IDENTITY), [role, token]],
    ['a role without a token', injected({ AWS_ROLE_ARN: ROLE }), [role]],
    ['a token without a role', injected({ AWS_WEB_IDENTITY_TOKEN_FILE: TOKEN }), [token]],
    [
      'another role than that of the annotation',
      injected({ ...IRSA, AWS_ROLE_ARN: `${ROLE}-2` }),
      [`c0: AWS_ROLE_ARN=${ROLE}-2`],
    ],
    [
      'another path of the token',
      injected({ ...IRSA, AWS_WEB_IDENTITY_TOKEN_FILE: '/tmp/token' }),
      ['c0: AWS_WEB_IDENTITY_TOKEN_FILE=/tmp/token'],
    ],
    [
      'those of the second container',
      injected(IRSA, { AWS_ROLE_ARN: 'secret orders/arn' }),
      ['c1: AWS_ROLE_ARN=secret orders/arn'],
    ],
  ])('%s', (_what, pod, expected) => {
    expect(hardCoded(pod, ROLE)).toEqual(expected);
  });
});
