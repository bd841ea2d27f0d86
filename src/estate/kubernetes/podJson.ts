/** The parts of a volume that podlift reads. Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/ */
export interface VolumeJson {
  readonly name: string;
  readonly configMap?: FilesJson;
  readonly secret?: Omit<FilesJson, 'name'> & { readonly secretName?: string };
  readonly emptyDir?: object;
  readonly projected?: {
    readonly sources?: readonly {
      readonly serviceAccountToken?: { readonly audience?: string };
      readonly configMap?: FilesJson;
      readonly secret?: FilesJson;
    }[];
  };
  readonly persistentVolumeClaim?: { readonly claimName?: string };
  readonly csi?: { readonly driver?: string; readonly volumeAttributes?: Readonly<Record<string, string>> };
}

interface FilesJson {
  readonly name?: string;
  /** Absent: every key is a file of that name. */
  readonly items?: readonly { readonly path?: string }[];
}

/** The parts of a container's JSON that podlift reads. Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container */
export interface ContainerJson {
  readonly name: string;
  readonly image?: string;
  readonly env?: readonly VariableJson[];
  readonly envFrom?: readonly {
    readonly prefix?: string;
    readonly configMapRef?: Optional;
    readonly secretRef?: Optional;
  }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath?: string; readonly subPath?: string }[];
  readonly ports?: readonly {
    readonly containerPort?: number;
    readonly hostPort?: number;
    readonly protocol?: string;
  }[];
}

export interface VariableJson {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: Readonly<Record<string, Named>>;
}

interface Optional {
  readonly name?: string;
  readonly optional?: boolean;
}

export interface Named {
  readonly name?: string;
  readonly key?: string;
  readonly fieldPath?: string;
}
