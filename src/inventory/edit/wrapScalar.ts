import { isMap, isScalar, type Node } from 'yaml';
import type { Finding } from '../Finding';
import type { YamlTree } from '../source/Source';
import { type EditableFile, editFile } from './editFile';
import { scalarText } from './entryLines';
import { badForm, type Obstacle } from './obstacles';
import { walkDown } from './walkDown';
import { endOf, pairOf, startOf } from './yamlText';

/** The values of a map on one line. */
type FlatMap = Readonly<Record<string, string | readonly string[]>>;

/**
 * Replaces a text of an inventory's file by a map on the same line: `main: a-1` by `main: { shop/api: a-1, shop/web: a-2 }`. Everything else in the file
 * stays, comments too. It returns a finding when the file cannot be read or edited (see `addEntries`).
 */
export function wrapScalar(
  file: EditableFile,
  path: readonly string[],
  map: FlatMap,
): { text: string } | { refusal: Finding } {
  const into = path.slice(0, -1);
  const key = path.at(-1) ?? '';
  const edited = editFile(file, {
    entries: [{ into, key, value: map }],
    splices: (text, { tree }) => {
      const value = scalarAt(tree, path);
      if ('rule' in value) return value;
      return [{ from: startOf(value), to: endOf(text, value), text: flowText(map, value.type !== 'PLAIN') }];
    },
    path,
    doing: `changing ${path.join('.')} in ${file.file}`,
  });
  return 'refusal' in edited ? edited : { text: edited.mark + edited.after };
}

function scalarAt(tree: YamlTree, path: readonly string[]): (Node & { readonly type?: unknown }) | Obstacle {
  const into = path.slice(0, -1);
  const { node, depth, obstacle } = walkDown(tree, path, (at) => `\`${path.slice(0, at).join('.')}\``);
  if (obstacle) return { ...obstacle, path };
  const value = depth === path.length ? node : isMap(node) ? (pairOf(node, path.at(-1) ?? '')?.value ?? null) : null;
  return isScalar(value) ? value : badForm(value, into, `\`${path.join('.')}\``);
}

function flowText(map: FlatMap, quoted: boolean): string {
  const pairs = Object.entries(map).map(([key, value]) => {
    const text =
      typeof value === 'string' ? word(value, quoted) : `[${value.map((one) => word(one, quoted)).join(', ')}]`;
    return `${word(key, quoted)}: ${text}`;
  });
  return `{ ${pairs.join(', ')} }`;
}

function word(text: string, quoted: boolean): string {
  return scalarText(text, quoted);
}
