import type { Finding } from '../Finding';
import type { Stage } from '../Inventory';
import { valueAt } from '../schema/valueAt';
import { formatPath } from '../source/formatPath';
import type { Source } from '../source/Source';
import type { Splice } from './applySplices';
import { changedLines, type ChangedLines } from './changedLines';
import { type EditableFile, editFile } from './editFile';
import { EDIT_RULES } from './editRules';
import { locateStage } from './locateStage';
import { isFlow } from './nodes';
import { type NewStage, stageSplices } from './stageSplices';
import type { Obstacle } from './walkDown';

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
  const { wave, environment, stage, since, because } = request;
  const next: NewStage = { stage, since, ...(because !== undefined && { because }) };
  const into = ['waves', wave, 'stages'];
  const path = [...into, environment];
  const edited = editFile(file, {
    entries: [{ into, key: environment, value: { ...next } }],
    splices: (text, source) => splicesFor(text, source, request, next),
    path,
    doing: `writing ${stage} at ${formatPath(path)} of ${file.file}`,
  });
  if ('refusal' in edited) return edited;
  const { mark, before, after } = edited;
  return { edit: { text: mark + after, changes: changedLines(before, after) } };
}

function splicesFor(text: string, source: Source, request: StageRequest, next: NewStage): readonly Splice[] | Obstacle {
  const { wave, environment, from } = request;
  const found = locateStage(source.tree, wave, environment);
  if ('rule' in found) return found;
  const stands = stageAt(source, ['waves', wave, 'stages', environment]);
  if (stands !== from) return changedMeanwhile(request, stands);
  const isJson = source.tree.root !== null && isFlow(source.tree.root);
  return stageSplices(text, found, environment, next, isJson);
}

function stageAt(source: Source, path: readonly string[]): unknown {
  const written = valueAt(source.data, path);
  if (written === undefined) return 'irsa';
  return typeof written === 'string' ? written : valueAt(written, ['stage']);
}

function changedMeanwhile({ wave, environment, from }: StageRequest, stands: unknown): Obstacle {
  return {
    rule: EDIT_RULES.stage,
    message: `wave "${wave}" is at ${String(stands)} in ${environment}, no longer at ${from}`,
    hint: 'Someone changed the file meanwhile: run the command again, and it looks at what stands there now.',
  };
}
