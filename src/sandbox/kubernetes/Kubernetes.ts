import type { FieldWriter } from '../Seed';
import type { PolicyRule } from './requestTarget';

/** Names a cluster of the sandbox. */
export interface ClusterRef {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** The properties of an admitted pod that decide about its AWS credentials. */
export interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly cluster: ClusterRef;
  /** Absent: the pod fits on no node. */
  readonly node?: string;
  /** The credentials that the webhook set up. */
  readonly uses: 'pod-identity' | 'irsa' | 'nothing';
  /**
   * The environment of the first container: its own variables and those of the webhook. A projected token is a real file here, mode 0600, in
   * a private folder.
   */
  readonly env: Readonly<Record<string, string>>;
}

/** A pod to admit. */
export interface NewPod {
  readonly cluster: ClusterRef;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Default: the service account's name with a random end. */
  readonly name?: string;
  /** Variables in the pod's spec, which the webhook keeps. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
  /** The node of the pod. Default: the scheduler chooses it. */
  readonly node?: string;
  /** The termination grace period in seconds. Default: 30, as in Kubernetes. */
  readonly graceSeconds?: number;
}

/** A service account to write. */
export interface WrittenServiceAccount {
  readonly cluster: ClusterRef;
  readonly namespace: string;
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Default: `kubectl-create` for a new account, else `kubectl-annotate`. */
  readonly writer?: FieldWriter;
}

/** A token to create, as in Kubernetes' TokenRequest. */
export interface NewToken {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly audience: string | readonly string[];
  /** Seconds. */
  readonly expiration: number;
  /** The pod that the token is bound to. Default: none. */
  readonly pod?: { readonly name: string; readonly uid: string };
}

/** A request to a cluster's API server. */
export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API server's root, with the query: `/api/v1/namespaces/shop/serviceaccounts/orders?fieldManager=podlift`. */
  readonly path: string;
  /** A text and a Buffer are sent unchanged, anything else as JSON. Default: no body. */
  readonly body?: unknown;
  /** Default: `application/json`. A patch needs its type: `application/apply-patch+yaml`, `application/merge-patch+json`, … */
  readonly contentType?: string;
  /** The field manager of a write whose query has none. Default: `podlift-sandbox`. */
  readonly userAgent?: string;
}

export interface KubeResponse {
  /** HTTP status. */
  readonly status: number;
  /** The parsed JSON of the answer, or its text when it is not JSON. */
  readonly body: unknown;
}

/** The part of Kubernetes that decides about AWS credentials. Every function throws for a cluster that the sandbox does not have. */
export interface Kubernetes {
  /**
   * Writes a service account. Its annotations are replaced; everything else stays. A writer with the operation `Apply` keeps the annotations
   * of others, as server-side apply with force does.
   */
  readonly setServiceAccount: (account: WrittenServiceAccount) => void;
  /**
   * Admits a pod as the API server and the webhook do, and writes its token. A missing service account is created without annotations.
   * `kubectl get pods` shows the pod.
   */
  readonly admitPod: (pod: NewPod) => Pod;
  /** All pods of a cluster or of one of its namespaces. */
  readonly pods: (cluster: ClusterRef, namespace?: string) => readonly Pod[];
  /** Deletes a pod and its files. A terminating pod keeps its files until it is removed. A pod that does not exist is no error. */
  readonly deletePod: (pod: Pod) => void;
  /** A token without a pod, as `kubectl create token` gives it on a cluster. */
  readonly createToken: (cluster: ClusterRef, token: NewToken) => string;
  /** Limits all clients of a cluster's API server to these RBAC rules; without rules everything is allowed again. */
  readonly limit: (cluster: ClusterRef, rules?: readonly PolicyRule[]) => void;
  /** The secret that a client shows: in the URL of `apiServer`, or as a bearer token. */
  readonly token: string;
  /** The URL of a cluster's API server, for `kubectl`. It contains `token`: who knows the URL is an administrator of the cluster. */
  readonly apiServer: (cluster: ClusterRef) => string;
  /**
   * Sends one request to a cluster's API server without the network. Effect and answer are the same as over the network, with injected
   * faults. Resolves when a network client would get the answer.
   */
  readonly request: (cluster: ClusterRef, request: KubeRequest) => Promise<KubeResponse>;
}
