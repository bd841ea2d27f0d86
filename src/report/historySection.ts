import type { StageMove } from './history';
import type { Cell, Section } from './Page';
import type { Report } from './Report';
import { counted, stageCell, timeText } from './wording';

/** Every step that was taken, the newest first. */
export function historySection({ history }: Report): Section {
  return {
    id: 'history',
    title: 'History',
    lead: sourcesOf(history),
    blocks: [
      {
        kind: 'table',
        caption: 'Steps that were taken, the newest first',
        columns: [
          { head: 'when', holds: 'times' },
          { head: 'environment' },
          { head: 'wave' },
          { head: 'from' },
          { head: 'to' },
          { head: 'by' },
          { head: 'known from' },
        ],
        rows: history.steps.map((move) => [
          whenOf(move),
          move.environment,
          move.wave,
          move.from === undefined ? '-' : stageCell(move.from),
          stageCell(move.to),
          move.by ?? '-',
          knownFrom(move),
        ]),
        empty: 'No step is known: no wave has left its first stage, or the inventory does not say since when.',
      },
    ],
  };
}

/** The steps that were taken although checks did not pass. */
export function acceptedSection({ history }: Report): Section {
  const steps = history.steps.filter(({ forced, accepted, because }) => (forced ?? accepted ?? because) !== undefined);
  return {
    id: 'accepted',
    title: 'Forced and accepted steps',
    lead: 'These steps were taken although checks of the gate did not pass.',
    blocks: [
      {
        kind: 'table',
        caption: 'Forced and accepted steps, the newest first',
        columns: [
          { head: 'when', holds: 'times' },
          { head: 'environment' },
          { head: 'wave' },
          { head: 'to' },
          { head: 'how', holds: 'sentences' },
          { head: 'reason', holds: 'sentences' },
          { head: 'by' },
        ],
        rows: steps.map((move) => [
          whenOf(move),
          move.environment,
          move.wave,
          stageCell(move.to),
          howOf(move),
          move.because ?? '-',
          move.by ?? '-',
        ]),
        empty: 'No step was forced, and no check was accepted.',
      },
    ],
  };
}

function howOf({ forced, accepted = [] }: StageMove): Cell {
  const list = accepted.length === 0 ? '' : `: ${accepted.join(', ')}`;
  return forced === true
    ? { text: `forced${list}`, tone: 'bad' }
    : { text: accepted.length === 0 ? 'accepted' : `accepted${list}`, tone: 'warning' };
}

function whenOf({ at }: StageMove): string {
  return at === undefined ? 'not committed' : timeText(at);
}

function knownFrom({ commit, evidence }: StageMove): string {
  const parts = [
    ...(evidence === undefined ? [] : [evidence]),
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 10)}`]),
  ];
  return parts.length === 0 ? 'the inventory' : parts.join(', ');
}

function sourcesOf({ commits, left = 0, problem, evidence }: Report['history']): string {
  const git =
    commits === undefined
      ? `Nothing is known from git: ${problem ?? ''}.`
      : `From ${counted(commits, 'commit')} of the inventory${left > 0 ? `; ${left} earlier ones were not read` : ''}.`;
  const folder = evidence && ` From ${counted(evidence.documents, 'document')} of evidence in ${evidence.folder}.`;
  return `${git}${folder ?? ''}`;
}
