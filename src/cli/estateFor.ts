import type { Estate } from '../estate/Estate';
import { answersUntil } from '../estate/kubernetes/answersUntil';
import type { Places } from '../estate/places';
import type { Ports } from '../estate/Ports';
import type { Question } from '../estate/questions';
import { readEstate, type ReadOptions } from '../estate/readEstate';

/** How a command gets its Estate. */
export interface EstateOptions extends ReadOptions {
  /** Clusters that have not answered by then have no answer. Default: as long as kubectl waits. */
  readonly seconds?: number;
}

/** The Estate that a command judges: what AWS and the clusters answer now. */
export async function estateFor(
  questions: (estate: Estate) => readonly Question[],
  places: Places,
  ports: Ports,
  { seconds, ...options }: EstateOptions = {},
): Promise<Estate> {
  if (seconds === undefined) return readEstate(questions, ports, places, options);
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
  }, seconds * 1000);
  try {
    const kubernetes = answersUntil(ports.kubernetes, late.signal, `no answer within ${seconds} s`);
    return await readEstate(questions, { ...ports, kubernetes }, places, options);
  } finally {
    clearTimeout(timer);
  }
}
