import { isMap, isScalar, type Node, type YAMLMap } from 'yaml';
import { type Finding, mistake } from '../Finding';
import type { Stage } from '../Inventory';
import { formatPath, present, valueAt } from '../source/plainData';
import type { Source, YamlTree } from '../source/Source';
import { type EditableFile, editFile } from './editFile';
import { scalarText } from './entryLines';
import { badForm, EDIT_RULES, type Obstacle } from './obstacles';
import { insertPairs, removePairs } from './pairSplices';
import { anchorWithin, walkDown } from './walkDown';
import {
  type ChangedLines,
  changedLines,
  endOf,
  isFlow,
  pairOf,
  pairsOf,
  type Splice,
  startOf,
  type WrittenPair,
} from './yamlText';

/** A new stage of a wave in an environment. */
export interface StageRequest {
  readonly wave: string;
  readonly environment: string;
  /** The expected stage in the file, `irsa` if it has none. The edit is refused for another stage. */
  readonly from: Stage;
  readonly stage: Stage;
  /** ISO 8601 in UTC, see `sinceText`. */
  readonly since: string;
  /** The reason of a step whose gate did not pass. Without it the reason of an earlier step is removed. */
  readonly because?: string;
  /** The checks that were accepted for the step; not empty. Without it those of an earlier step are removed. */
  readonly accepted?: readonly string[];
}

/**
 * Writes a stage into the text of the file that has the wave. Only these values change: comments, blanks, quotes, line breaks, a byte order
 * mark, the order of keys and the style of maps stay. The result is parsed and compared: only this stage may differ.
 *
 * It returns a finding when the file cannot be read, does not have the wave, has another stage than `from`, or writes the stage through an
 * alias or an anchor with other uses. It throws when the edit has another effect than requested, which is a defect of podlift.
 */
export function setStage(
  file: EditableFile,
  request: StageRequest,
): { edit: { readonly text: string; readonly changes: ChangedLines } } | { refusal: Finding } {
  const { wave, environment, stage, since, because, accepted } = request;
  const next: NewStage = { stage, since, ...present({ because, accepted }) };
  const into = ['waves', wave, 'stages'];
  const path = [...into, environment];
  const edited = editFile(file, {
    entries: [{ into, key: environment, value: { ...next } }],
    splices: (text, source) => {
      const found = locateStage(source.tree, wave, environment);
      if ('rule' in found) return found;
      const current = stageAt(source, path);
      if (current !== request.from) return changedMeanwhile(request, current);
      const isJson = source.tree.root !== null && isFlow(source.tree.root);
      return stageSplices(text, found, environment, next, isJson);
    },
    path,
    doing: `writing ${stage} at ${formatPath(path)} of ${file.file}`,
  });
  if ('refusal' in edited) return edited;
  const { mark, before, after } = edited;
  return { edit: { text: mark + after, changes: changedLines(before, after) } };
}

function stageAt(source: Source, path: readonly string[]): unknown {
  const written = valueAt(source.data, path) ?? 'irsa';
  return typeof written === 'string' ? written : valueAt(written, ['stage']);
}

function changedMeanwhile({ wave, environment, from }: StageRequest, current: unknown): Obstacle {
  return mistake(
    EDIT_RULES.stage,
    `wave "${wave}" is now at ${String(current)} in ${environment}, not at ${from}`,
    'The file changed meanwhile. Run the command again: it reads the current stage.',
  );
}

/** The existing nodes of a wave's stage in an environment. */
interface StageLocation {
  readonly wave: YAMLMap;
  readonly stages?: YAMLMap;
  readonly pair?: WrittenPair;
}

/** Finds a wave's stage in an environment, or the obstacle that prevents an edit. */
function locateStage(tree: YamlTree, wave: string, environment: string): StageLocation | Obstacle {
  const names = ['the file', '`waves`', `wave "${wave}"`, `\`stages\` of wave "${wave}"`];
  const nameOf = (depth: number): string => names[depth] ?? '';
  const { depth, node, parent, obstacle } = walkDown(tree, ['waves', wave, 'stages'], nameOf, 'the stage');
  if (obstacle) return obstacle;
  if (!isMap(node) || depth < 2)
    return mistake(
      EDIT_RULES.wave,
      `the file has no wave "${wave}"`,
      'Find it in the other files of the inventory: `npx podlift validate` prints their names.',
    );
  if (depth < 3 || !parent) return { wave: node };
  const pair = pairOf(node, environment);
  if (!pair) return { wave: parent.map, stages: node };
  return anchorWithin(tree, pair.value, 'the stage') ?? { wave: parent.map, stages: node, pair };
}

/** The written fields of a stage. */
export interface NewStage {
  readonly stage: string;
  readonly since: string;
  readonly because?: string;
  readonly accepted?: readonly string[];
}

type Field = string | readonly string[];

/** The changes that write a stage. `quoted` puts all texts in double quotes, for a JSON file. */
function stageSplices(
  text: string,
  { wave, stages, pair }: StageLocation,
  environment: string,
  next: NewStage,
  quoted: boolean,
): readonly Splice[] | Obstacle {
  const word = (key: string): string => scalarText(key, quoted);
  const fields = Object.entries<Field>({ ...next }).map(([key, value]) => `${word(key)}: ${fieldText(value, word)}`);
  const long = `{ ${fields.join(', ')} }`;
  const name = word(environment);
  if (!stages) return insertPairs(text, wave, [[`${word('stages')}: { ${name}: ${long} }`]]) ?? badForm(wave);
  if (!pair) {
    const last = pairsOf(stages).at(-1)?.value;
    const asBlock = !isFlow(stages) && isMap(last) && !isFlow(last);
    const lines = asBlock ? [`${name}:`, ...fields.map((field) => `  ${field}`)] : [`${name}: ${long}`];
    return insertPairs(text, stages, [lines]) ?? badForm(stages);
  }
  const { value } = pair;
  if (isMap(value)) return changeLongForm(text, value, next, fields, word) ?? badForm(value);
  return value ? [replacement(text, value, long)] : badForm(stages);
}

/** Changes the long form of a stage. `fields` are the pairs of `next`, in its order. Undefined for a style that podlift does not edit. */
function changeLongForm(
  text: string,
  map: YAMLMap,
  next: NewStage,
  fields: readonly string[],
  word: (text: string) => string,
): readonly Splice[] | undefined {
  const splices: Splice[] = [];
  const added: string[][] = [];
  for (const [index, [key, value]] of Object.entries<Field>({ ...next }).entries()) {
    const pair = pairOf(map, key);
    if (pair && !pair.value) return undefined;
    if (pair?.value) splices.push(replacement(text, pair.value, restyled(pair.value, value, word)));
    else added.push([fields[index] ?? '']);
  }
  const inserted = added.length > 0 ? insertPairs(text, map, added, pairOf(map, 'since') ?? pairOf(map, 'stage')) : [];
  if (inserted === undefined) return undefined;
  splices.push(...inserted);
  const outdated = (['because', 'accepted'] as const).flatMap((key) =>
    next[key] === undefined ? (pairOf(map, key) ?? []) : [],
  );
  const removed = removePairs(text, map, outdated);
  return removed && [...splices, ...removed];
}

/** A field on one line: a text, or a list between brackets. */
function fieldText(value: Field, word: (text: string) => string): string {
  return typeof value === 'string' ? word(value) : `[${value.map(word).join(', ')}]`;
}

function replacement(text: string, node: Node, by: string): Splice {
  return { from: startOf(node), to: endOf(text, node), text: by };
}

/** A text in the quotes of the value that it replaces. Single quotes stay around a word or a time. A list is one between brackets. */
function restyled(node: Node, text: Field, word: (text: string) => string): string {
  if (typeof text !== 'string') return fieldText(text, word);
  const type = isScalar(node) ? node.type : undefined;
  if (type === 'QUOTE_SINGLE' && /^[\w:-]+$/.test(text)) return `'${text}'`;
  return scalarText(text, type === 'QUOTE_SINGLE' || type === 'QUOTE_DOUBLE');
}

/** A time as `since`: ISO 8601 in UTC with whole seconds, cut instead of rounded, so that it is never in the future. */
export function sinceText(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
