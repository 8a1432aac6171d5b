{{/* The ceiling. YAML 1.1 reads an unquoted `off` as false. */}}
{{- define "podwright.mode" -}}
{{- kindIs "bool" .Values.mode | ternary "off" .Values.mode -}}
{{- end -}}

{{/* The policy file. */}}
{{- define "podwright.policy" -}}
{{- $head := dict "apiVersion" "podwright.dev/v1alpha1" "kind" "Policy" "mode" (include "podwright.mode" .) -}}
{{- merge $head .Values.policy | toYaml -}}
{{- end -}}
