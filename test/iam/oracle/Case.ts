import type { Policies } from '../../../src/iam/Decision';
import type { Request } from '../../../src/iam/Request';

/** One case of the differential test. `resourceAccount` is always given: the oracle asks for it. */
export interface Case {
  readonly request: Request & { readonly resourceAccount: string };
  readonly policies: Policies;
}
