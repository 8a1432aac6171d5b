{{/* The name prefix of namespaced objects. */}}
{{- define "podwright.fullname" -}}
{{- $chart := .Values.nameOverride | default .Chart.Name -}}
{{- $name := .Values.fullnameOverride | default (contains $chart .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $chart)) -}}
{{- $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "podwright.namespace" -}}
{{- .Values.namespaceOverride | default .Release.Namespace -}}
{{- end -}}

{{- define "podwright.serviceAccountName" -}}
{{- if not (or .Values.serviceAccount.create .Values.serviceAccount.name) -}}
{{- fail "serviceAccount.create is false, so serviceAccount.name must name the ServiceAccount to use" -}}
{{- end -}}
{{- .Values.serviceAccount.name | default (include "podwright.fullname" .) -}}
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
{{- merge (include "podwright.selectorLabels" . | fromYaml) $own (.Values.labels | default dict) | toYaml -}}
{{- end -}}

{{- define "podwright.image" -}}
{{- $repository := .Values.image.repository -}}
{{- with .Values.global.imageRegistry -}}
{{- $repository = printf "%s/%s" (trimSuffix "/" .) (regexReplaceAll "^([^/]*[.:][^/]*|localhost)/" $repository "") -}}
{{- end -}}
{{- $reference := printf "%s:%s" $repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- with .Values.image.digest }}{{ $reference = printf "%s@%s" $reference . }}{{ end -}}
{{- $reference -}}
{{- end -}}

{{/* Pull secrets of this chart and of its parents, where a plain string is the name. */}}
{{- define "podwright.imagePullSecrets" -}}
{{- $secrets := .Values.image.pullSecrets -}}
{{- range .Values.global.imagePullSecrets -}}
{{- $secrets = append $secrets (kindIs "string" . | ternary (dict "name" .) .) -}}
{{- end -}}
{{- toYaml $secrets -}}
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
{{- .Values.policy.existingConfigMap | default (printf "%s-policy" (include "podwright.fullname" .)) -}}
{{- end -}}

{{- define "podwright.lastValidConfigMap" -}}
{{ include "podwright.policyConfigMap" . }}-last-valid
{{- end -}}

{{/* The ConfigMap of the status, and the one in which the replicas count requests for it. */}}
{{- define "podwright.statusConfigMap" -}}
{{ include "podwright.fullname" . }}-status
{{- end -}}

{{- define "podwright.countsConfigMap" -}}
{{ include "podwright.statusConfigMap" . }}-counts
{{- end -}}
