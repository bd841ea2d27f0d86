import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const { jobs, on } = parse(readFileSync('.github/workflows/release.yml', 'utf8'));
const { scripts, files } = JSON.parse(readFileSync('package.json', 'utf8'));
const lines: readonly string[] = jobs.publish.steps.flatMap(
  ({ run }: { run?: string }) => run?.trim().split('\n') ?? [],
);

describe('the release workflow', () => {
  it('publishes a tag, with a statement of its origin', () => {
    expect(on.push.tags).toEqual(['v*']);
    expect(jobs.publish.permissions['id-token']).toBe('write');
    expect(lines.at(-1)).toBe('npm publish --provenance --access public');
    expect(JSON.stringify(jobs)).not.toContain('secrets.');
  });

  it('publishes nothing that did not pass the checks', () => {
    const run = lines.flatMap((line) => /^npm (?:run )?([\w:]+)/.exec(line)?.[1] ?? []);
    expect(run).toEqual(['ci', 'licences', 'lint', 'typecheck', 'test', 'publish']);
    for (const name of ['licences', 'lint', 'typecheck', 'test', 'prepack']) expect(scripts).toHaveProperty(name);
    expect(files).toContain('dist');
  });
});
