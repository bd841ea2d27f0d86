import { walkStages } from './walkStages';

describe('one workload and one EKS add-on, moved one stage with the real Terraform', () => {
  walkStages(['prepared', 'dual']);
});
