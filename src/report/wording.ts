import { type Stage, STAGES } from '../inventory/Inventory';
import type { Level, MarkedCell } from './Page';

/** `1 workload`, `3 workloads`. */
export function counted(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}

/** A time for people, to the minute: `2026-11-14 09:00 UTC`. A text that is no time stays as it is. */
export function timeText(time: string): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? time : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** The first texts of a list, and how many follow: `a, b and 3 more`. */
export function firstOf(texts: readonly string[], most: number): string {
  const rest = texts.length - most;
  return rest > 0 ? `${texts.slice(0, most).join(', ')} and ${rest} more` : texts.join(', ');
}

/** A stage with its mark. */
export function stageCell(stage: Stage): MarkedCell {
  return { text: stage, level: levelOf(stage) };
}

export function levelOf(stage: Stage): Level {
  return STAGES.indexOf(stage) as Level;
}
