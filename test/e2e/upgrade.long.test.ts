import { upgrades } from './upgrades';

/** The examples that `upgrade.io.test.ts` leaves out. */
upgrades((name) => !['demo', 'shared-role', 'external-role'].includes(name));
