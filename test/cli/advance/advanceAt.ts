import { advance } from '../../../src/cli/commands/advance';
import { stepOf } from '../../../src/operations/gate/stepOf';

/** Run by a node of its own: advances a wave whose gate holds. It says `ready` once the inventory is read, and has its evidence when it is told to go on. */
const [wave = '', environment = ''] = process.argv.slice(2);

void advance(
  wave,
  { environment, format: 'text' },
  {
    now: () => new Date(),
    collect: async (inventory, request) => {
      process.stderr.write('ready\n');
      await new Promise((resolve) => process.stdin.once('data', resolve));
      process.stdin.destroy();
      const { step, to } = stepOf(inventory, request);
      return { ...request, from: step.from, ...(to && { to }), evidence: [], holds: true };
    },
    ports: () => ({
      aws: () => {
        throw new Error('AWS is not asked');
      },
      kubernetes: () => ({
        pods: () => Promise.resolve({ ok: true, value: [] }),
        allPods: () => Promise.resolve({ ok: true, value: [] }),
        serviceAccounts: () => Promise.resolve({ ok: true, value: [] }),
        networkPolicies: () => Promise.resolve({ ok: true, value: [] }),
        serviceAccount: () => Promise.resolve({ ok: true, value: undefined }),
        nodes: () => Promise.resolve({ ok: true, value: [] }),
        issuer: () => Promise.resolve({ ok: true, value: 'https://issuer.example' }),
      }),
    }),
  },
).then((code) => {
  process.exitCode = code;
});
