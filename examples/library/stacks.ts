// podlift's stacks beside stacks of your own, in one app of cdktf. It needs cdktf, constructs and the two provider packages.
import { App } from 'cdktf';
import { addStacks, formatFindings, loadInventory, provenBlueprints } from 'podlift';

const app = new App();
const { blueprints, findings, ...refused } = provenBlueprints(loadInventory('inventory.yaml'));
if (blueprints === undefined)
  throw new Error(formatFindings([...findings, ...('failures' in refused ? refused.failures : [])], 'text'));
for (const blueprint of blueprints) addStacks(app, blueprint);
app.synth();
