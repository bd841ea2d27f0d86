import type { Estate } from '../estate/Estate';
import type { Places } from '../estate/places';
import type { Ports } from '../estate/Ports';
import type { Question } from '../estate/questions';
import { readEstate, type ReadOptions } from '../estate/readEstate';

/** The Estate that a command judges: what AWS and the clusters answer now. */
export function estateFor(
  questions: (estate: Estate) => readonly Question[],
  places: Places,
  ports: Ports,
  options: ReadOptions = {},
): Promise<Estate> {
  return readEstate(questions, ports, places, options);
}
