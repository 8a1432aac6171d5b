{{/* Fields that the webhooks of Pods and workloads share. Takes the root and the name of the webhook in values. */}}
{{- define "podwright.webhook" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- $webhook := index $root.Values.webhooks $name -}}
{{- $byMode := eq (include "podwright.mode" $root) "enforce" | ternary "Fail" "Ignore" -}}
{{- $path := eq $name "mutate" | ternary "/mutate" "/validate" -}}
{{ include "podwright.webhookCall" (list $root $path) }}
failurePolicy: {{ $webhook.failurePolicy | default $byMode }}
timeoutSeconds: {{ $webhook.timeoutSeconds }}
namespaceSelector:
  {{- include "podwright.namespaceSelector" $root | nindent 2 }}
{{- end -}}

{{/* Fields that all webhooks share. Takes the root and the path. */}}
{{- define "podwright.webhookCall" -}}
{{- $root := index . 0 -}}
admissionReviewVersions: [v1]
sideEffects: {{ $root.Values.events.enabled | ternary "NoneOnDryRun" "None" }}
matchPolicy: Equivalent
clientConfig:
  service:
    name: {{ include "podwright.fullname" $root }}
    namespace: {{ include "podwright.namespace" $root }}
    path: {{ index . 1 }}
    port: 443
  {{- if eq $root.Values.certificates.mode "existing-secret" }}
  {{- with $root.Values.certificates.existingSecret.caBundle }}
  caBundle: {{ . }}
  {{- end }}
  {{- end }}
objectSelector: {}
{{- end -}}

{{/* Metadata of both configurations. There is one Podwright in a cluster, so the name is fixed. */}}
{{- define "podwright.webhookMetadata" -}}
{{- $annotations := merge (dict) (.Values.webhooks.annotations | default dict) (.Values.annotations | default dict) -}}
{{- if eq .Values.certificates.mode "cert-manager" -}}
{{- $source := printf "%s/%s" (include "podwright.namespace" .) (include "podwright.certificateSecret" .) -}}
{{- $annotations = merge (dict "cert-manager.io/inject-ca-from" $source) $annotations -}}
{{- else if eq .Values.certificates.mode "existing-secret" -}}
{{- if not (or .Values.certificates.existingSecret.caBundle .Values.webhooks.annotations) -}}
{{- fail "certificates.mode is existing-secret, so the API server needs a CA to trust: set certificates.existingSecret.caBundle, or webhooks.annotations that have it injected" -}}
{{- end -}}
{{- end -}}
name: podwright
labels:
  {{- merge (include "podwright.labels" . | fromYaml) (.Values.webhooks.labels | default dict) | toYaml | nindent 2 }}
{{- with $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Namespaces that are always excluded come first: no value can include them. */}}
{{- define "podwright.namespaceSelector" -}}
{{- $always := list "kube-node-lease" "kube-system" (include "podwright.namespace" .) -}}
{{- $excluded := dict
      "key" "kubernetes.io/metadata.name"
      "operator" "NotIn"
      "values" (concat $always (.Values.excludedNamespaces | default list) | uniq | sortAlpha) -}}
{{- $selector := .Values.webhooks.namespaceSelector -}}
matchExpressions:
  {{- prepend ($selector.matchExpressions | default list) $excluded | toYaml | nindent 2 }}
{{- with $selector.matchLabels }}
matchLabels:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Match conditions of the values. They must not have the names of ours. */}}
{{- define "podwright.ownConditions" -}}
{{- with .Values.webhooks.matchConditions }}{{ toYaml . }}{{ end -}}
{{- end -}}

{{/*
A match condition that is true unless both objects have the field and agree on it. CEL evaluates no further than an `&&`
that is false, so it cannot err. Takes the name, the path, and what else makes it true, with `||` after it.
*/}}
{{- define "podwright.unlessSame" -}}
{{- $path := index . 1 -}}
{{- $terms := list -}}
{{- range $object := list "oldObject" "object" -}}
{{- $known := $object -}}
{{- range splitList "." $path -}}
{{- $known = printf "%s.%s" $known . -}}
{{- $terms = append $terms (printf "has(%s)" $known) -}}
{{- end -}}
{{- end -}}
{{- $terms = append $terms (printf "object.%s == oldObject.%s" $path $path) -}}
- name: {{ index . 0 }}
  expression: {{ index . 2 }}request.operation == "CREATE" || !({{ join " && " $terms }})
{{- end -}}

{{/* The same of several fields that may have any names and types, of which CEL's `has` takes only some. */}}
{{- define "podwright.unlessSameOfAnyName" -}}
{{- $terms := list -}}
{{- range $path := index . 1 -}}
{{- $places := list -}}
{{- range $object := list "oldObject" "object" -}}
{{- $place := $object -}}
{{- range splitList "." $path -}}
{{- $terms = append $terms (printf "type(%s) == map && %q in %s" $place . $place) -}}
{{- $place = printf "%s[%q]" $place . -}}
{{- end -}}
{{- $places = append $places $place -}}
{{- end -}}
{{- $terms = append $terms (join " == " $places) -}}
{{- end -}}
- name: {{ index . 0 }}
  expression: {{ index . 2 }}request.operation == "CREATE" || !({{ join " && " $terms }})
{{- end -}}
