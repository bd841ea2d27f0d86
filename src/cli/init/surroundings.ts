import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SCHEMA_ID } from '../../inventory/schema/generatedPages';
import { ciFiles, type CiSystem } from './ciFiles';
import { foldersAbove, fromFolder } from './folders';
import type { NewFile } from './NewFile';
import type { PackageManager } from './packageManager';

/** The files beside the inventory. */
export interface Surroundings {
  readonly inventory: string;
  readonly cdktf: boolean;
  readonly ci?: CiSystem | undefined;
  /** The package manager of the folder. */
  readonly manager: PackageManager;
}

/** The app of cdktf and its configuration, and the files of a CI system. */
export function surroundings({ inventory, cdktf, ci, manager }: Surroundings, cwd: string): readonly NewFile[] {
  const file = fromFolder(cwd, resolve(cwd, inventory));
  return [
    ...(cdktf ? cdktfFiles(file) : []),
    ...(ci === undefined ? [] : ciFiles(ci, { inventory: file, manager, ...repository(cwd) })),
  ];
}

/** The app and its configuration belong together: beside another app the one runs that, and beside another configuration nothing runs the other. */
function cdktfFiles(inventory: string): readonly NewFile[] {
  const app = { path: 'main.ts', text: mainText(inventory) };
  const config = { path: 'cdktf.json', text: CDKTF };
  const own = 'to add the stacks to your own app of cdktf, call `addStacks` (docs/LIBRARY.md of podlift)';
  return [
    { ...app, needs: { ...config, otherwise: `cdktf.json has its own app; ${own}` } },
    { ...config, needs: { ...app, otherwise: `main.ts is another program; ${own}` } },
  ];
}

/** Why the app has this form: `inventory.yaml` is what podlift reads without the variable, and an `import` would run before it is set. */
function mainText(inventory: string): string {
  const what = `// The app of cdktf: it writes the stacks of ${inventory}. Only cdktf reads this file; podlift itself does not need it.\n`;
  if (inventory === 'inventory.yaml') return `${what}import 'podlift/main';\n`;
  return `${what}process.env.PODLIFT_INVENTORY ??= ${quoted(inventory)};\nvoid import('podlift/main');\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/**
 * `--import tsx` runs TypeScript on Node 20 too, and in packages of both kinds (`"type": "module"` or not).
 * Source: https://tsx.is/dev-api/node-cli
 */
const CDKTF = `${JSON.stringify(
  {
    language: 'typescript',
    app: 'node --import tsx main.ts',
    sendCrashReports: 'false',
    terraformProviders: [],
    terraformModules: [],
    context: {},
  },
  null,
  2,
)}\n`;

/** The lines that `.gitignore` needs: what npm, cdktf, Terraform and podlift write. */
const IGNORED = [
  'node_modules/',
  'cdktf.out/',
  'cdktf.log',
  '.podlift/',
  '.*.podlift-*',
  '.terraform/',
  '.terraform-sandbox/',
  '*.tfstate',
  '*.tfstate.*',
  '*.tfplan',
];

/** The entries that a `.gitignore` lacks, and its text with them at its end. */
export function withIgnored(before: string): { readonly added: readonly string[]; readonly text: string } {
  const plain = (line: string) => line.trim().replace(/^\//, '').replace(/\/$/, '');
  const known = new Set(before.split('\n').map(plain));
  const added = IGNORED.filter((line) => !known.has(plain(line)));
  if (added.length === 0) return { added, text: before };
  const end = before.includes('\r\n') ? '\r\n' : '\n';
  const start = before === '' ? '' : `${before.endsWith('\n') ? before : `${before}${end}`}${end}`;
  return { added, text: `${start}${['# podlift', ...added].join(end)}${end}` };
}

const SCHEMA = join('node_modules', 'podlift', 'schema', 'inventory.schema.json');

/** The schema of the installed package as a path from the inventory; without the package the address of the schema. */
export function schemaOf(inventory: string, cwd: string): string {
  const folder = dirname(resolve(cwd, inventory));
  const installed = foldersAbove(folder).find((one) => existsSync(join(one, SCHEMA)));
  if (installed === undefined) return SCHEMA_ID;
  const path = fromFolder(folder, join(installed, SCHEMA));
  return path.startsWith('.') ? path : `./${path}`;
}

/** The root of the git repository, from the current folder and back. Both are `.` outside of a repository, and at its root. */
function repository(cwd: string): { readonly root: string; readonly folder: string } {
  const root = foldersAbove(cwd).find((one) => existsSync(join(one, '.git'))) ?? cwd;
  return { root: fromFolder(cwd, root), folder: fromFolder(root, cwd) };
}
