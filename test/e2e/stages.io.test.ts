import { walkStages } from './walkStages';

describe('one workload and one EKS add-on, moved two stages with the real Terraform', () => {
  walkStages(['prepared', 'dual', 'cutover']);
});
