{{/*
Security contexts of the Pods and of their containers: the restricted standard, and nothing to write to. On OpenShift, the
SCC of the namespace chooses user and groups.
*/}}
{{- define "podwright.podSecurityContext" -}}
{{- $context := dict "runAsNonRoot" true "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- if ne (include "podwright.isOpenShift" .) "true" -}}
{{- $context = merge $context (dict "runAsUser" 65532 "runAsGroup" 65532 "fsGroup" 65532) -}}
{{- end -}}
{{- include "podwright.overwritten" (list $context .Values.podSecurityContext) -}}
{{- end -}}

{{- define "podwright.securityContext" -}}
{{- $context := dict
      "allowPrivilegeEscalation" false
      "privileged" false
      "readOnlyRootFilesystem" true
      "capabilities" (dict "drop" (list "ALL")) -}}
{{- include "podwright.overwritten" (list $context .Values.securityContext) -}}
{{- end -}}

{{- define "podwright.isOpenShift" -}}
{{- $adapt := .Values.global.compatibility.openshift.adaptSecurityContext -}}
{{- or (eq $adapt "force") (and (eq $adapt "auto") (.Capabilities.APIVersions.Has "security.openshift.io/v1")) -}}
{{- end -}}

{{/* The first object with the fields of the second, in which null removes a field. */}}
{{- define "podwright.overwritten" -}}
{{- $result := index . 0 -}}
{{- range $key, $value := index . 1 -}}
{{- $result = omit $result $key -}}
{{- if not (kindIs "invalid" $value) }}{{ $result = set $result $key $value }}{{ end -}}
{{- end -}}
{{- toYaml $result -}}
{{- end -}}
