import { remedyText } from '../../../src/cli/report';
import { ask, healthy, notes } from './doctorWorld';
import { AGENT_FAULTS } from './agentFaults';
import { CLUSTER_FAULTS } from './clusterFaults';
import type { Fault } from './Fault';
import { HOP_FAULTS } from './hopFaults';
import { POD_FAULTS } from './podFaults';
import { ROLE_FAULTS } from './roleFaults';

const FAULTS: readonly Fault[] = [...CLUSTER_FAULTS, ...AGENT_FAULTS, ...ROLE_FAULTS, ...HOP_FAULTS, ...POD_FAULTS];

describe('one broken thing', () => {
  it.each(FAULTS)(
    '$name, at $stage: is named first',
    async ({ stage, setting, break: make, notes: wanted, found, fix }) => {
      const broken = healthy(stage, setting);
      make(broken.world);
      const diagnosis = await ask(broken);
      expect(notes(diagnosis)).toEqual(wanted);
      const [first] = diagnosis.findings.filter(({ state }) => state !== 'ok');
      expect(first?.found).toMatch(found);
      expect(remedyText(first?.remedy ?? [])).toMatch(fix);
    },
  );
});
