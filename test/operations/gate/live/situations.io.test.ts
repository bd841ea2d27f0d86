import { SITUATIONS } from './situations';
import { trySituations } from './trySituation';

describe.each(SITUATIONS)('the gate $step, at the sandbox', ({ at, rows }) => {
  trySituations(
    at,
    rows.filter(({ short }) => short),
  );
});
