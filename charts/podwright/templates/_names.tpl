{{/* What the names of namespaced objects start with. */}}
{{- define "podwright.fullname" -}}
{{- $name := .Values.fullnameOverride | default (contains .Chart.Name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name)) -}}
{{- $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "podwright.selectorLabels" -}}
app.kubernetes.io/name: podwright
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels and annotations of every object, after its name. */}}
{{- define "podwright.metadata" -}}
labels:
  {{- include "podwright.labels" . | nindent 2 }}
{{- with .Values.annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "podwright.labels" -}}
{{- $own := dict
      "app.kubernetes.io/version" .Chart.AppVersion
      "app.kubernetes.io/managed-by" .Release.Service
      "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_") -}}
{{- merge (include "podwright.selectorLabels" . | fromYaml) $own .Values.labels | toYaml -}}
{{- end -}}

{{- define "podwright.image" -}}
{{- $reference := printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- with .Values.image.digest }}{{ $reference = printf "%s@%s" $reference . }}{{ end -}}
{{- $reference -}}
{{- end -}}

{{/* The Secret that holds the serving certificate. */}}
{{- define "podwright.certificateSecret" -}}
{{- if eq .Values.certificates.mode "existing-secret" -}}
{{- required "certificates.existingSecret.name is required when certificates.mode is existing-secret" .Values.certificates.existingSecret.name -}}
{{- else -}}
{{- include "podwright.fullname" . }}-certificate
{{- end -}}
{{- end -}}

{{/* The ConfigMap of the policy, and the one in which Podwright keeps the last valid policy. */}}
{{- define "podwright.policyConfigMap" -}}
{{ include "podwright.fullname" . }}-policy
{{- end -}}

{{- define "podwright.lastValidConfigMap" -}}
{{ include "podwright.policyConfigMap" . }}-last-valid
{{- end -}}
