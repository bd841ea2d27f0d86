import { advance } from '../../../src/cli/commands/advance';
import { stepWorld } from '../../../src/cli/commands/advance';
import { stepOf } from '../../../src/operations/gate/Step';
import { podPorts } from './podPorts';

/** Run by a node of its own: advances a wave whose gate holds. It says `ready` once the inventory is read, and has its evidence when it is told to go on. */
const [wave = '', environment = ''] = process.argv.slice(2);

const world = stepWorld(() => podPorts());

void advance(
  wave,
  { environment, format: 'text' },
  {
    ...world,
    estate: async (...asked) => {
      process.stderr.write('ready\n');
      await new Promise((resolve) => process.stdin.once('data', resolve));
      process.stdin.destroy();
      return world.estate(...asked);
    },
    judge: (inventory, request) => {
      const { step, to } = stepOf(inventory, request);
      return { ...request, from: step.from, ...(to && { to }), evidence: [], holds: true };
    },
  },
).then((code) => {
  process.exitCode = code;
});
