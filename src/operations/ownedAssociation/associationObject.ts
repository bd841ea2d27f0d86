import { createHash } from 'node:crypto';
import type { Association } from '../../blueprint/Blueprint';
import type { AssociationOwner, Environment } from '../../inventory/Inventory';

/** An association of another tool, as the inventory wants it. */
export interface OwnedAssociation extends Association {
  readonly owner: AssociationOwner;
}

/** An object that another tool reads: of Kubernetes, or a template of CloudFormation. Plain data, in the order in which it is printed. */
export type OwnerObject = Readonly<Record<string, unknown>>;

/** What an object is made from. */
export interface ObjectOf {
  readonly environment: Pick<Environment, 'key' | 'partition' | 'account'>;
  readonly association: OwnedAssociation;
  /** The id of the association that stands, which the tool adopts. Absent: there is none, and the tool creates one. */
  readonly id?: string;
}

/** The object from which a tool makes or adopts an association. Each keeps the association in AWS when the object is deleted. */
export function associationObject(one: ObjectOf): OwnerObject {
  return OBJECT_OF[one.association.owner](one);
}

const OBJECT_OF: Readonly<Record<AssociationOwner, (one: ObjectOf) => OwnerObject>> = {
  ack: ackObject,
  crossplane: crossplaneObject,
  cloudformation: template,
};

/**
 * An object of ACK. Without the fields of an adoption, ACK would create a second association, which EKS refuses. Every field of the association is written: with
 * `adopt-or-create`, ACK changes an adopted one to what the object says.
 *
 * Sources: kind and fields: https://aws-controllers-k8s.github.io/community/reference/eks/v1alpha1/podidentityassociation;
 * fields of the adoption: aws-controllers-k8s/eks-controller pkg/resource/pod_identity_association/resource.go (PopulateResourceFromAnnotation), 2026-11-28;
 * https://aws-controllers-k8s.github.io/docs/guides/adoption (adoption-policy), https://aws-controllers-k8s.github.io/docs/guides/deletion-policy (retain),
 * https://aws-controllers-k8s.github.io/docs/guides/multi-region (region)
 */
function ackObject({ environment, association, id }: ObjectOf): OwnerObject {
  const { clusterName, region, namespace, serviceAccount, roleArn, targetRoleArn, disableSessionTags } = association;
  const adopts = {
    'services.k8s.aws/adoption-policy': 'adopt-or-create',
    'services.k8s.aws/adoption-fields': JSON.stringify({ clusterName, associationID: id }),
  };
  return {
    apiVersion: 'eks.services.k8s.aws/v1alpha1',
    kind: 'PodIdentityAssociation',
    metadata: {
      name: objectName(environment, association),
      namespace,
      annotations: {
        'services.k8s.aws/region': region,
        ...(id === undefined ? {} : adopts),
        'services.k8s.aws/deletion-policy': 'retain',
      },
    },
    spec: {
      clusterName,
      namespace,
      serviceAccount,
      roleARN: roleArn,
      ...(targetRoleArn === undefined ? {} : { targetRoleARN: targetRoleArn }),
      disableSessionTags,
    },
  };
}

/**
 * An object of the provider of Upbound, for a cluster. Without the external name of an association that stands, Crossplane would create a second one, which EKS refuses.
 *
 * Sources: crossplane-contrib/provider-upjet-aws package/crds/eks.aws.upbound.io_podidentityassociations.yaml (v1beta1, 2026-11-28) and #1120: the external name is the id of
 * the association, beside `clusterName`; https://docs.crossplane.io/v1.20/concepts/managed-resources/ (deletionPolicy, managementPolicies)
 */
function crossplaneObject({ environment, association, id }: ObjectOf): OwnerObject {
  const { clusterName, region, namespace, serviceAccount, roleArn, targetRoleArn, disableSessionTags } = association;
  return {
    apiVersion: 'eks.aws.upbound.io/v1beta1',
    kind: 'PodIdentityAssociation',
    metadata: {
      name: objectName(environment, association),
      ...(id === undefined ? {} : { annotations: { 'crossplane.io/external-name': id } }),
    },
    spec: {
      deletionPolicy: 'Orphan',
      managementPolicies: ['Create', 'LateInitialize', 'Observe', 'Update'],
      forProvider: {
        region,
        clusterName,
        namespace,
        serviceAccount,
        roleArn,
        ...(targetRoleArn === undefined ? {} : { targetRoleArn }),
        disableSessionTags,
      },
    },
  };
}

/**
 * A template of CloudFormation with one resource. An import needs `DeletionPolicy`.
 *
 * Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-eks-podidentityassociation.html,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html and …/aws-attribute-updatereplacepolicy.html
 */
function template({ environment, association }: ObjectOf): OwnerObject {
  const { clusterName, namespace, serviceAccount, roleArn, targetRoleArn, disableSessionTags } = association;
  return {
    Resources: {
      [logicalId(environment, association)]: {
        Type: 'AWS::EKS::PodIdentityAssociation',
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          ClusterName: clusterName,
          Namespace: namespace,
          ServiceAccount: serviceAccount,
          RoleArn: roleArn,
          ...(targetRoleArn === undefined ? {} : { TargetRoleArn: targetRoleArn }),
          DisableSessionTags: disableSessionTags,
        },
      },
    },
  };
}

/**
 * What `aws cloudformation create-change-set --change-set-type IMPORT --resources-to-import` takes for an association that stands. Nothing: the owner is another tool, or
 * no association stands.
 *
 * Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-manually.html (the change set),
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html (the type can be imported),
 * primaryIdentifier of the type's schema, in cfn-lint 1.51.0 (AWS's CloudFormation registry): AssociationArn
 */
export function resourceToImport({ environment, association, id }: ObjectOf): OwnerObject | undefined {
  if (association.owner !== 'cloudformation' || id === undefined) return undefined;
  const { region, clusterName } = association;
  const { partition, account } = environment;
  return {
    ResourceType: 'AWS::EKS::PodIdentityAssociation',
    LogicalResourceId: logicalId(environment, association),
    ResourceIdentifier: {
      AssociationArn: `arn:${partition}:eks:${region}:${account.id}:podidentityassociation/${clusterName}/${id}`,
    },
  };
}

/** The longest name of an object. Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
const LONGEST = 253;
const HASH_LENGTH = 8;

/**
 * `prod.main.shop.orders-api`: one object for each association, also where the objects of several clusters are in one namespace or in none. Dots divide the parts, since only
 * the last one can have dots.
 */
function objectName({ key }: ObjectOf['environment'], { cluster, namespace, serviceAccount }: Association): string {
  const whole = [key, cluster, namespace, serviceAccount].join('.');
  if (whole.length <= LONGEST) return whole;
  const begin = whole.slice(0, LONGEST - HASH_LENGTH - 1).replace(/[.-]+$/, '');
  return `${begin}-${hashOf(whole)}`;
}

/** A logical id has only letters and digits. Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html */
function logicalId({ key }: ObjectOf['environment'], { cluster, namespace, serviceAccount }: Association): string {
  const parts = [key, cluster, namespace, serviceAccount];
  const words = parts.flatMap((part) => part.split(/[^A-Za-z0-9]+/)).filter((word) => word !== '');
  const readable = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return `Association${readable.slice(0, 200)}${hashOf(parts.join('.'))}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
}
