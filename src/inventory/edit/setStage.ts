import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '../Finding';
import type { Stage } from '../Inventory';
import { valueAt } from '../schema/valueAt';
import { findPosition } from '../source/findPosition';
import { formatPath } from '../source/formatPath';
import { parseSource } from '../source/parseSource';
import type { Source } from '../source/Source';
import { applySplices } from './applySplices';
import { changedLines, type ChangedLines } from './changedLines';
import { EDIT_RULES } from './editRules';
import { locateStage, type Obstacle } from './locateStage';
import { isFlow, startOf } from './nodes';
import { stageSplices, type NewStage } from './stageSplices';
import { withStage } from './withStage';

/** One file of an inventory. */
export interface EditableFile {
  /** As findings name it. */
  readonly file: string;
  readonly text: string;
}

/** A wave's stage in an environment, as it is to be written. */
export interface StageRequest {
  readonly wave: string;
  readonly environment: string;
  /** The stage that is expected to stand there now (`irsa` where none is written); the edit is refused when it is another. */
  readonly from: Stage;
  readonly stage: Stage;
  /** ISO 8601 in UTC, see `sinceText`. */
  readonly since: string;
  /** Why the step is taken without its evidence; what an earlier step says is taken away when this one says nothing. */
  readonly because?: string;
}

/** An edited text, and the lines that differ. */
export interface StageEdit {
  readonly text: string;
  readonly changes: ChangedLines;
}

/**
 * Writes a stage into the text of the file that has the wave. Only the values concerned change: comments, blanks, quotes, line
 * breaks, a byte order mark, the order of keys and the style of maps stay. The result is parsed again and compared: it differs from the
 * file in this one stage.
 *
 * Refused, as a finding, when the file cannot be read, does not have the wave, has another stage there than `from`, or writes it through
 * an alias or an anchor that would change other places too. Throws when the edit did something else than asked, which is a defect.
 */
export function setStage(file: EditableFile, request: StageRequest): { edit: StageEdit } | { refusal: Finding } {
  const mark = file.text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const text = file.text.slice(mark.length);
  const { source, findings } = parseSource(text, file.file);
  const [mistake] = findings;
  if (mistake) return { refusal: unreadable(mistake) };
  if (!source) throw new Error(`${file.file} has neither content nor a mistake`);

  const { wave, environment, from, stage, since, because } = request;
  const path = ['waves', wave, 'stages', environment];
  const refuse = ({ rule, node, message, hint }: Obstacle): { refusal: Finding } => {
    const position = node ? source.tree.positionOf(startOf(node)) : findPosition(source, path);
    const place = { path: formatPath(path), file: file.file, ...position };
    return { refusal: { severity: 'error', rule: rule.name, ...place, message, hint } };
  };

  const found = locateStage(source.tree, wave, environment);
  if ('rule' in found) return refuse(found);
  const stands = stageAt(source, path);
  if (stands !== from) return refuse(changedMeanwhile(request, stands));
  const next: NewStage = { stage, since, ...(because !== undefined && { because }) };
  const isJson = source.tree.root !== null && isFlow(source.tree.root);
  const splices = stageSplices(text, found, environment, next, isJson);
  if ('rule' in splices) return refuse(splices);

  const edited = applySplices(text, splices);
  verify(source, parseSource(edited, file.file).source, path, next);
  return { edit: { text: mark + edited, changes: changedLines(text, edited) } };
}

function stageAt(source: Source, path: readonly string[]): unknown {
  const written = valueAt(source.data, path);
  if (written === undefined) return 'irsa';
  return typeof written === 'string' ? written : valueAt(written, ['stage']);
}

function verify(before: Source, after: Source | undefined, path: readonly string[], next: NewStage): void {
  if (after && isDeepStrictEqual(after.data, withStage(before.data, path, next))) return;
  throw new Error(
    `writing ${next.stage} at ${formatPath(path)} of ${before.file} would change something else too; nothing was written`,
  );
}

function unreadable(mistake: Finding): Finding {
  return {
    ...mistake,
    rule: EDIT_RULES.unreadable.name,
    message: `${mistake.file} cannot be edited: ${mistake.message}`,
  };
}

function changedMeanwhile({ wave, environment, from }: StageRequest, stands: unknown): Obstacle {
  return {
    rule: EDIT_RULES.stage,
    message: `wave "${wave}" is at ${String(stands)} in ${environment}, no longer at ${from}`,
    hint: 'Someone changed the file meanwhile: run the command again, and it looks at what stands there now.',
  };
}
