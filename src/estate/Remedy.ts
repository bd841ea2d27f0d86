/** One step of a remedy: something to do, or a command as its arguments. */
export type RemedyStep =
  | {
      readonly say: string;
      /** The path of the inventory that is to be changed: `workloads.orders-api.role.keepTrust[0]`. */
      readonly at?: string;
      /** Where the path stands; absent until a command adds it. */
      readonly file?: string;
      readonly line?: number;
    }
  | {
      /** The arguments of the command, unquoted. */
      readonly run: readonly string[];
      /** Whose credentials the command needs: `apps-prod (333333333333)`. Absent: those that the operator has. */
      readonly account?: string;
    };

/** What to do, in order. Commands stay lists of arguments until they are shown. */
export type Remedy = readonly RemedyStep[];
