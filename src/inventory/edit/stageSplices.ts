import { isAlias, isMap, isScalar, type Node, type YAMLMap } from 'yaml';
import type { Splice } from './applySplices';
import { EDIT_RULES } from './editRules';
import { insertPairs } from './insertPairs';
import type { StagePlace } from './locateStage';
import { endOf, isBlockScalar, isFlow, pairOf, pairsOf, startOf, type WrittenPair } from './nodes';
import { removePair } from './removePair';
import { inQuotesOf, scalarText } from './scalarText';
import type { Obstacle } from './walkDown';

/** What is to be written. */
export interface NewStage {
  readonly stage: string;
  readonly since: string;
  readonly because?: string;
}

/** The changes that write a stage at its place. `quoted` puts everything in double quotes, for a file that is JSON. */
export function stageSplices(
  text: string,
  place: StagePlace,
  environment: string,
  next: NewStage,
  quoted: boolean,
): readonly Splice[] | Obstacle {
  const { wave, stages, pair } = place;
  const fields = Object.entries<string>({ ...next }).map(
    ([key, value]) => `${word(key, quoted)}: ${scalarText(value, quoted)}`,
  );
  const long = `{ ${fields.join(', ')} }`;
  const name = word(environment, quoted);
  if (!stages) {
    const value = `${word('stages', quoted)}: { ${name}: ${long} }`;
    return insertPairs(text, wave, [[value]]) ?? badForm(wave);
  }
  if (!pair) {
    const asBlock = !isFlow(stages) && isLongBlock(pairsOf(stages).at(-1)?.value);
    const lines = asBlock ? [`${name}:`, ...fields.map((field) => `  ${field}`)] : [`${name}: ${long}`];
    return insertPairs(text, stages, [lines]) ?? badForm(stages);
  }
  const { value } = pair;
  if (isMap(value)) return changeLongForm(text, value, next, fields);
  if (!value) return badForm(stages);
  return [replacement(text, value, long)];
}

/** `fields` are those of `next`, in its order, as pairs. */
function changeLongForm(
  text: string,
  map: YAMLMap,
  { stage, since, because }: NewStage,
  fields: readonly string[],
): readonly Splice[] | Obstacle {
  const [, sinceField = '', becauseField = ''] = fields;
  const stagePair = pairOf(map, 'stage');
  const sincePair = pairOf(map, 'since');
  const becausePair = pairOf(map, 'because');
  if (!stagePair?.value || (sincePair && !sincePair.value)) return badForm(map);
  const splices: Splice[] = [replacement(text, stagePair.value, restyled(stagePair.value, stage))];
  if (sincePair?.value) splices.push(replacement(text, sincePair.value, restyled(sincePair.value, since)));

  const added = sincePair ? [] : [[sinceField]];
  if (because !== undefined && becausePair?.value) {
    splices.push(replacement(text, becausePair.value, scalarText(because, isQuoted(becausePair.value))));
  } else if (because !== undefined) {
    added.push([becauseField]);
  }
  const inserted = added.length > 0 ? insertPairs(text, map, added, sincePair ?? stagePair) : [];
  const removed = because === undefined && becausePair ? removePair(text, map, becausePair) : [];
  return inserted && removed ? [...splices, ...inserted, ...removed] : badForm(map);
}

function replacement(text: string, node: Node, by: string): Splice {
  return { from: startOf(node), to: endOf(text, node), text: by };
}

function restyled(node: Node, value: string): string {
  return isScalar(node) ? inQuotesOf(node, value) : value;
}

function isQuoted(node: Node): boolean {
  return isScalar(node) && !isBlockScalar(node) && node.type !== 'PLAIN';
}

function word(key: string, quoted: boolean): string {
  return scalarText(key, quoted);
}

function isLongBlock(node: WrittenPair['value'] | undefined): boolean {
  return !!node && !isAlias(node) && isMap(node) && !isFlow(node);
}

function badForm(map: YAMLMap): Obstacle {
  return {
    rule: EDIT_RULES.form,
    node: map,
    message:
      'this map is written in a form that podlift does not edit: a key of it does not begin its line, or has no value',
    hint: 'Write each of its keys at the beginning of a line (without `? `), or all between braces.',
  };
}
