import { AGENT_ADDON } from '../../../blueprint/agents';
import { shellWord } from '../../../estate/shellWord';
import { severity } from '../inUse';
import type { Judge } from '../Judge';
import { importFails, neverApplied } from '../imported';
import { applyStage, eksLook, ill, unknown, well } from '../judgement';

/** States in which EKS still works on an add-on. */
const UNDER_WAY: ReadonlySet<string> = new Set(['CREATING', 'UPDATING']);

/** From `prepared` on the cluster has the agent: built in (Auto Mode), or as an add-on that is `ACTIVE`. */
export const agent: Judge = (patient, facts) => {
  if (!patient.row.trustsPodIdentity) return [];
  const name = shellWord(patient.cluster.name);
  const state = severity(patient, facts, 'pod-identity');
  if (facts.cluster.ok && facts.cluster.value?.autoMode === true && patient.cluster.autoMode)
    return [well(eksLook(patient, `describe-cluster --name ${name}`), 'Auto Mode: the agent is built in')];
  if (facts.cluster.ok && facts.cluster.value !== undefined && patient.cluster.autoMode)
    return [
      ill(
        eksLook(patient, `describe-cluster --name ${name} --query cluster.computeConfig`),
        state,
        'the inventory says autoMode, and the cluster is not in it: no agent is built in',
        `Take autoMode out of cluster ${patient.cluster.key} in the inventory, give it an agent: { version: … }, and apply.`,
      ),
    ];
  const look = eksLook(patient, `describe-addon --cluster-name ${name} --addon-name ${AGENT_ADDON}`);
  if (!facts.agent.ok) return [unknown(look, 'eks:DescribeAddon', facts.agent)];
  const addon = facts.agent.value;
  if (addon === undefined)
    return [
      ill(
        look,
        state,
        `there is no add-on ${AGENT_ADDON}: nobody on a node hands out credentials`,
        patient.cluster.agent === undefined
          ? `Write agent: { version: v1.3.4-eksbuild.1 } into cluster ${patient.cluster.key} in the inventory, then apply.`
          : patient.cluster.agent.adopt && neverApplied(facts)
            ? `${importFails(AGENT_ADDON)}: take adopt off the agent of cluster ${patient.cluster.key} in the inventory, or make it by hand again:\naws eks create-addon --cluster-name ${name} --addon-name ${AGENT_ADDON} --addon-version ${patient.cluster.agent.version} --region ${patient.cluster.region}\n${applyStage(patient)}`
            : applyStage(patient),
      ),
    ];
  if (addon.status === 'ACTIVE') return [well(look, `the agent ${addon.version} is ACTIVE`)];
  const issues = addon.issues.length > 0 ? `: ${addon.issues.join('; ')}` : '';
  const wait = `aws eks wait addon-active --cluster-name ${name} --addon-name ${AGENT_ADDON} --region ${patient.cluster.region}`;
  return [
    ill(
      look,
      state,
      `the agent ${addon.version} is ${addon.status}${issues}`,
      UNDER_WAY.has(addon.status) ? `EKS works on it:\n${wait}` : `Mend what EKS says of it, then wait:\n${wait}`,
    ),
  ];
};
