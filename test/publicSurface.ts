import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

// Compares the public names of two versions: node -r tsx/cjs test/publicSurface.ts BASE
// A check, rule, command, flag, kind of drift, reason of discover or JSON field that is in BASE alone must be named in the CHANGELOG.

const [base = 'HEAD'] = process.argv.slice(2);

function git(...argv: readonly string[]): string {
  return execFileSync('git', argv, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** The files of a revision by name; of the working tree without one. */
function filesOf(revision: string | undefined): readonly string[] {
  const list = revision === undefined ? git('ls-files') : git('ls-tree', '-r', '--name-only', revision);
  return list.split('\n');
}

/** The text of the first file whose path ends like this, and an empty text where there is none. */
function text(revision: string | undefined, ...endings: readonly string[]): string {
  const file = filesOf(revision).find((one) => endings.some((ending) => `/${one}`.endsWith(`/${ending}`)));
  if (file === undefined) return '';
  return revision === undefined ? readFileSync(file, 'utf8') : git('show', `${revision}:${file}`);
}

function all(source: string, pattern: RegExp): string[] {
  return [...source.matchAll(pattern)].flatMap((match) => match[1] ?? []);
}

/** The first column of a page's tables. */
function firstColumn(page: string): string[] {
  return all(page, /^\| `([\w./-]+)\??` /gm);
}

/** The JSON page of a revision; of the first commit that has one where that comes later. */
function jsonPage(revision: string | undefined): string {
  const own = text(revision, 'docs/json.md');
  if (own !== '' || revision === undefined) return own;
  const first = git('log', '--diff-filter=A', '--format=%h', '--', 'docs/json.md').trim().split('\n').at(-1);
  return first === undefined ? '' : text(first, 'docs/json.md');
}

/** Fields with the section that they are in: `Evidence.check`. */
function jsonFields(page: string): string[] {
  return page.split(/^##+ /m).flatMap((section) => {
    const [title = ''] = section.split('\n');
    return firstColumn(section).map((field) => `${title}: ${field}`);
  });
}

function surface(revision: string | undefined): Readonly<Record<string, readonly string[]>> {
  const program = text(revision, 'cli/program.ts');
  return {
    rule: firstColumn(text(revision, 'docs/rules.md')),
    check: [
      ...firstColumn(text(revision, 'docs/checks.md')),
      ...all(text(revision, 'evidence/CheckName.ts'), /^ {2}'?([a-z-]+)'?: '/gm),
      ...all(text(revision, 'doctor/DoctorCheck.ts'), /^ {2}'([a-z-]+)',$/gm),
    ],
    command: [...all(program, /\.command\('([\w-]+)/g), ...all(program, /stepCommand\(\s*'([\w-]+)'/g)],
    flag: all(program, /['"](?:-\w, )?(--[a-z-]+)/g),
    'kind of drift': all(text(revision, 'drift/Difference.ts'), /^ {2}'?([a-z-]+)'?: '/gm),
    'reason of discover': all(
      text(revision, 'discover/LeftOut.ts', 'discover/leftReasons.ts'),
      /^ {2}'?([a-z-]+)'?:/gm,
    ),
    'JSON field': jsonFields(jsonPage(revision)),
  };
}

const [before, after] = [surface(base), surface(undefined)];
const changelog = readFileSync('CHANGELOG.md', 'utf8');
let unnamed = 0;
for (const [kind, names] of Object.entries(before)) {
  const now = new Set(after[kind]);
  const lost = [...new Set(names)].filter((name) => !now.has(name));
  process.stdout.write(`${kind}: ${new Set(names).size} before, ${now.size} now, ${lost.length} gone\n`);
  for (const name of lost) {
    const word = name.slice(name.lastIndexOf(' ') + 1);
    const said = changelog.includes(`\`${word}\``);
    if (!said) unnamed++;
    process.stdout.write(`  ${name}${said ? '' : '  NOT IN THE CHANGELOG'}\n`);
  }
}
process.exitCode = unnamed === 0 ? 0 : 1;
