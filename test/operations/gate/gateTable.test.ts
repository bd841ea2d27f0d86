import { CHECK_NAMES, CHECK_TABLE } from '../../../src/operations/checks/checkTable';
import { ALWAYS, BACK, checksOf, checksOfDoctor, FORWARD } from '../../../src/operations/gate/gateTable';
import { STAGES } from '../../../src/inventory/Inventory';

describe('the gate table', () => {
  it('uses every check', () => {
    const used = [...Object.values(FORWARD).flat(), ...BACK, ...ALWAYS].map(({ check }) => check);
    const onRequest = checksOf('irsa', 'forward', true).filter((check) => !checksOf('irsa', 'forward').includes(check));
    expect(onRequest).toEqual(['admission']);
    expect(new Set([...used, ...checksOfDoctor('forward'), ...onRequest])).toEqual(
      new Set(CHECK_NAMES.filter((name) => CHECK_TABLE[name].gate !== undefined)),
    );
  });

  it.each(STAGES)('asks at %s for nothing twice, and always whether AWS agrees', (stage) => {
    for (const direction of ['forward', 'back'] as const) {
      const checks = checksOf(stage, direction);
      expect(new Set(checks).size).toBe(checks.length);
      expect(checks).toEqual(expect.arrayContaining(['wave-order', 'role', 'association', 'annotation']));
    }
  });

  it.each(STAGES)('asks forward from %s for every check of the doctor', (stage) => {
    // `access` is a question of the operator's own, and `admission` has an option.
    const doctors = CHECK_NAMES.filter((name) => {
      const { doctor, onlyWith } = CHECK_TABLE[name];
      return doctor !== undefined && name !== 'access' && onlyWith === undefined;
    });
    expect(checksOf(stage, 'forward')).toEqual(expect.arrayContaining(doctors));
  });

  it.each(STAGES)(
    'asks back from %s for what pods get back, and for nothing that only the way forward needs',
    (stage) => {
      expect(checksOfDoctor('back')).toEqual(expect.arrayContaining(['oidc-provider', 'target-hop']));
      for (const check of ['compute', 'agent', 'agent-on-nodes', 'node-role', 'sdk', 'proxy', 'network-policy'])
        expect(checksOf(stage, 'back')).not.toContain(check);
    },
  );

  it('asks back from every stage what the step takes', () => {
    for (const stage of STAGES) expect(checksOf(stage, 'back')).toContain('restart-needed');
  });
});
