import { AttachRolePolicyCommand, CreateRoleCommand } from '@aws-sdk/client-iam';
import { type Inventory, type Stage, STAGES } from '../../../../src/inventory/Inventory';
import { awsPorts } from '../../../../src/estate/aws/awsPorts';
import { type Diagnosis, doctor, doctorQuestions, type DoctorRequest } from '../../../../src/operations/doctor/doctor';
import { placesOf } from '../../../../src/estate/places';
import { readEstate } from '../../../../src/estate/readEstate';
import { kubectlPorts } from '../../../../src/estate/kubernetes/kubectlPorts';
import type { Setting } from '../../agreedWorld';
import { ACCOUNT, inventoryAt, type Live, startLive } from '../../gate/live/liveWorld';
import { NODE_POLICY, NODE_ROLE } from '../doctorWorld';

const GROUP = { 'eks.amazonaws.com/nodegroup': 'workers' };

/** A sandbox with a managed node group, brought to a stage through those before it, with the workload's pods on it. */
export async function liveAt(stage: Stage, setting: Setting = {}): Promise<{ live: Live; inventory: Inventory }> {
  const inventory = inventoryAt(stage, setting);
  const live = await startLive(inventory, {
    cluster: {
      nodes: [
        { name: 'node-1', compute: 'ec2', labels: GROUP },
        { name: 'fargate-1', compute: 'fargate' },
      ],
      nodeGroups: [{ name: 'workers', nodeRole: NODE_ROLE }],
    },
  });
  const iam = live.iam(ACCOUNT);
  const trust = {
    Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
  };
  await iam.send(new CreateRoleCommand({ RoleName: 'nodes', AssumeRolePolicyDocument: JSON.stringify(trust) }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'nodes', PolicyArn: NODE_POLICY }));
  for (const passed of STAGES.slice(0, STAGES.indexOf(stage) + 1)) await live.apply(inventoryAt(passed, setting));
  await live.settle();
  return { live, inventory };
}

/** The doctor by the real SDK and the real kubectl. */
export async function askLive(inventory: Inventory, request: Partial<DoctorRequest> = {}): Promise<Diagnosis> {
  const ports = { aws: awsPorts({ attempts: 3 }), kubernetes: kubectlPorts({ requestTimeout: 10, timeout: 20 }) };
  const whole = { environments: ['prod'], ...request };
  const estate = await readEstate(doctorQuestions(inventory, whole), ports, placesOf(inventory));
  const [first] = doctor(inventory, whole, estate);
  return first!;
}
