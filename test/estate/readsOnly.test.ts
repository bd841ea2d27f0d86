import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const sourcesOf = (folder: string) => {
  const path = join(__dirname, '../../src/estate', folder);
  return readdirSync(path).map((file) => readFileSync(join(path, file), 'utf8'));
};

describe('The reading ports', () => {
  it('know of AWS only actions that read', () => {
    const names = sourcesOf('aws').flatMap((text) => [
      ...(text.match(/\b[A-Z]\w+Command\b/g) ?? []),
      ...(text.match(/(?<=\bpaginate)[A-Z]\w+/g) ?? []),
    ]);
    expect(names).toEqual(expect.arrayContaining(['GetRoleCommand', 'ListRoles', 'LookupEvents']));
    // IAM makes a report on the use of permissions, and changes nothing: the access level of the action is Read.
    // Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
    const reading = names.filter((name) => name !== 'GenerateServiceLastAccessedDetailsCommand');
    expect(names.length).toBeGreaterThan(reading.length);
    for (const name of reading) expect(name).toMatch(/^(Get|Describe|List|Lookup)/);
  });

  it('know of kubectl only commands that read, and of those that write only the dry run of a server', () => {
    const verbs = sourcesOf('kubernetes').flatMap((text) =>
      [...text.matchAll(/runKubectl\(\s*cluster,\s*\['(\w+)', ?(?:'([\w=-]+)')?/g)].map(([, verb, next]) =>
        verb === 'get' ? verb : `${verb} ${next}`,
      ),
    );
    expect([...new Set(verbs)].sort()).toEqual(['config view', 'create --dry-run=server', 'get']);
    const calls = sourcesOf('kubernetes').flatMap((text) => text.match(/\brunKubectl\(\s*cluster,/g) ?? []);
    expect(verbs).toHaveLength(calls.length);
  });
});
