import { STAGES } from '../../src/inventory/Inventory';
import { walkStages } from './walkStages';

describe('one workload and one EKS add-on, moved through all stages with the real Terraform', () => {
  walkStages(STAGES);
});
