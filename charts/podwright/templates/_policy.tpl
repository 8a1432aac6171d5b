{{/* The ceiling. YAML 1.1 reads an unquoted `off` as false. */}}
{{- define "podwright.mode" -}}
{{- kindIs "bool" .Values.mode | ternary "off" .Values.mode -}}
{{- end -}}

{{/* The policy file. */}}
{{- define "podwright.policy" -}}
{{- $head := dict "apiVersion" "podwright.dev/v1alpha1" "kind" "Policy" "mode" (include "podwright.mode" .) -}}
{{- merge $head (omit .Values.policy "existingConfigMap" "createOnce") | toYaml -}}
{{- end -}}

{{/* Whether the policy of the values is in force; otherwise the ConfigMap is maintained elsewhere. */}}
{{- define "podwright.isPolicyManaged" -}}
{{- not (or .Values.policy.existingConfigMap .Values.policy.createOnce) -}}
{{- end -}}

{{/* The ConfigMap of the policy. Takes the root, further annotations and the end of its name. */}}
{{- define "podwright.policyObject" -}}
{{- $root := index . 0 -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "podwright.policyConfigMap" $root }}{{ index . 2 }}
  namespace: {{ include "podwright.namespace" $root }}
  labels:
    {{- include "podwright.labels" $root | nindent 4 }}
  {{- with merge (dict) (index . 1) ($root.Values.annotations | default dict) }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
data:
  policy.yaml: |
    {{- include "podwright.policy" $root | nindent 4 }}
{{- end -}}

{{/* The ConfigMap as it is in the cluster, in JSON; {} where there is none, and where Helm only renders. */}}
{{- define "podwright.livePolicy" -}}
{{- lookup "v1" "ConfigMap" (include "podwright.namespace" .) (include "podwright.policyConfigMap" .) | default dict | toJson -}}
{{- end -}}

{{/* The programs other than Helm that wrote the policy in the cluster: [kubectl-edit]. */}}
{{- define "podwright.policyEditors" -}}
{{- $editors := list -}}
{{- range dig "metadata" "managedFields" list (include "podwright.livePolicy" . | fromJson) -}}
{{- $isOfPolicy := dig "fieldsV1" "f:data" "f:policy.yaml" false . | kindIs "map" -}}
{{- if and $isOfPolicy (not (hasPrefix "helm" .manager)) }}{{ $editors = append $editors .manager }}{{ end -}}
{{- end -}}
{{- toYaml $editors -}}
{{- end -}}
