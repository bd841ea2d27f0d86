import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prove } from '../../src/cli/commands/prove';
import type { Finding } from '../../src/inventory/Finding';

// Each file is an inventory that attacks the proof. Its first lines say what is expected.

/** The fields of an attack, in the order of its lines. */
const FIELDS = ['attack', 'command', 'exit', 'rule', 'path'] as const;
type Attack = Readonly<Record<(typeof FIELDS)[number] | 'file', string>>;

function attackOf(file: string): Attack {
  const lines = readFileSync(file, 'utf8').split('\n');
  const fields = FIELDS.map((field, index) => {
    const line = lines[index] ?? '';
    if (!line.startsWith(`# ${field}: `)) throw new Error(`line ${index + 1} of ${file} must be "# ${field}: …"`);
    return [field, line.slice(`# ${field}: `.length)];
  });
  return { file, ...(Object.fromEntries(fields) as Omit<Attack, 'file'>) };
}

const attacks = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .toSorted()
  .map((file) => attackOf(join(__dirname, file)));

/** The commands that attacks name: each returns its exit code and prints its JSON document. */
const COMMANDS: Readonly<Record<string, () => number>> = { prove: () => prove({ format: 'json' }) };

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
  jest.restoreAllMocks();
});

function run({ command, file }: Attack) {
  process.env.PODLIFT_INVENTORY = file;
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const exit = COMMANDS[command]?.();
  const { findings = [], failures = [] } = JSON.parse(log.mock.calls.flat().join('\n')) as Readonly<
    Partial<Record<'findings' | 'failures', readonly Finding[]>>
  >;
  const found = [...findings, ...failures].map(({ rule, path }) => `${rule} at ${path}`);
  return { exit, found: [...new Set(found)] };
}

it.each(attacks.map((attack) => [attack.file.slice(__dirname.length + 1), attack] as const))('%s', (_, attack) => {
  const { exit, found } = run(attack);
  expect(exit).toBe(Number(attack.exit));
  expect(found).toContain(`${attack.rule} at ${attack.path}`);
});

it('there are attacks of every class that the proof has to repel', () => {
  const classes = attacks.map(({ file }) => file.slice(__dirname.length + 1).split('/')[0]);
  expect(classes).toEqual(
    expect.arrayContaining(['account', 'cluster-tokens', 'everyone', 'forged-tags', 'pods', 'services', 'tokens']),
  );
});
