import { upgrades } from './upgrades';

/** New, shared, adopted and external roles, target roles, agents, providers. `upgrade.long.test.ts` has the other examples. */
upgrades((name) => ['demo', 'shared-role', 'external-role'].includes(name));
