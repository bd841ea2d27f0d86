import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { catalogue as pages, hasPermissions, knownController } from '../../src/catalogue/catalogue';
import { catalogueSchema } from '../../src/catalogue/catalogueSchema';
import { parameterType } from '../../src/catalogue/parameterTypes';
import { catalogue } from '../../src/cli/commands/catalogue';
import { inventoryBlock } from '../../src/cli/catalogue/controllerText';
import { UsageError } from '../../src/cli/exit';
import { BASE, checkMarked } from '../inventory/marked';

/** What a run prints, with its exit code. */
function printed(name: string | undefined, format: 'text' | 'json' = 'text'): { code: number; text: string } {
  const lines: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((text: string) => void lines.push(text));
  try {
    return { code: catalogue(name, { format }), text: lines.join('\n') };
  } finally {
    log.mockRestore();
  }
}

/** The base inventory with other workloads, and values in its environments. */
const inventoryOf = (workloads: string, values: string) =>
  `${BASE.slice(0, BASE.indexOf('workloads:')).replaceAll(/values: \{.*\}/g, `values: { ${values} }`)}${workloads}\n`;

describe('podlift catalogue', () => {
  it('lists the controllers, and those of which it has no permissions', () => {
    const { code, text } = printed(undefined);
    expect(code).toBe(0);
    for (const name of ['external-dns', 'ebs-csi', 'nodeRoles (required)']) expect(text).toContain(name);
    expect(text).toMatch(/Without permissions.*flux/);
  });

  it.each(['ebs-csi', 'aws-ebs-csi-driver'])('shows a controller by the name %s', (name) => {
    const { text } = printed(name);
    expect(text).toContain('Amazon EBS CSI driver (aws-ebs-csi-driver)');
    expect(text).toContain('AmazonEBSCSIDriverPolicyV2');
    expect(text).toMatch(/https:\/\/github\.com\/kubernetes-sigs\/aws-ebs-csi-driver\S+, 20\d\d-/);
  });

  it('shows a controller without permissions', () => {
    expect(printed('flux').text).toContain('write them under `statements`');
    expect(JSON.parse(printed('flux', 'json').text)).not.toHaveProperty('inventory');
  });

  it('refuses an unknown name with the nearest one', () => {
    expect(() => printed('external-dn')).toThrow(UsageError);
    expect(() => printed('external-dn')).toThrow(/did you mean "external-dns"/);
  });

  it('prints the page of a controller as JSON', () => {
    const document = JSON.parse(printed('loki', 'json').text) as { controller: unknown; inventory: string };
    expect(document.controller).toEqual(knownController('loki'));
    expect(parse(document.inventory)).toHaveProperty('workloads.loki.permissions.use');
  });
});

describe('The entry that podlift catalogue prints', () => {
  it.each(
    pages()
      .filter(hasPermissions)
      .map((one) => [one.name, one] as const),
  )('of %s is valid once the environments have its values, and refused before', (name, controller) => {
    const block = inventoryBlock(controller);
    const values = Object.entries(controller.parameters ?? {}).map(([parameter, { type }]) => {
      const key = parameter.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return `${key}: ${JSON.stringify(parameterType(type).example)}`;
    });
    const { loaded } = checkMarked({ 'inventory.yaml': inventoryOf(block, values.join(', ')) });
    // The account of an example is another one: its roles are no targets.
    expect(loaded.findings.filter(({ rule }) => rule !== 'undeclared-hop')).toEqual([]);
    expect(loaded.inventory?.environments[0]?.workloads[0]?.permissions.use).toHaveLength(1);
    const rules = checkMarked({ 'inventory.yaml': inventoryOf(block, 'other: x') }).loaded.findings.map(
      ({ rule }) => rule,
    );
    expect([...new Set(rules)]).toEqual(block.includes("['{") ? ['unknown-value'] : []);
    expect(block).toContain(name);
  });
});

describe('The page docs/CATALOGUE.md', () => {
  const page = readFileSync('docs/CATALOGUE.md', 'utf8');
  const blockOf = (kind: string) => new RegExp(`\`\`\`yaml ${kind}\\n([^]*?)\`\`\``).exec(page)?.[1] ?? '';

  it('has an inventory without findings', () => {
    const { loaded } = checkMarked({ 'inventory.yaml': inventoryOf(blockOf('inventory'), 'backups: acme-backups') });
    expect(loaded.findings).toEqual([]);
  });

  it('has a page of a controller that is valid', () => {
    expect(catalogueSchema.safeParse(parse(blockOf('page'))).error).toBeUndefined();
  });
});
