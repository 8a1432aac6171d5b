{{/* The arguments of podwright serve; the source of its certificate comes last. */}}
{{- define "podwright.arguments" -}}
{{- if and .Values.reports.enabled (not .Values.scan.enabled) -}}
{{- fail "reports.enabled needs scan.enabled: the scan is what writes reports" -}}
{{- end -}}
{{- if and .Values.scan.page (not .Values.scan.enabled) -}}
{{- fail "scan.page needs scan.enabled: the page shows the last scan" -}}
{{- end -}}
- serve
- --in-cluster
- --policy=/etc/podwright/policy.yaml
- --policy-fallback=/etc/podwright/last-valid.yaml
- --policy-config-map={{ include "podwright.policyConfigMap" . }}
- --deployment={{ include "podwright.fullname" . }}
{{- if .Values.status.enabled }}
- --status-config-map={{ include "podwright.statusConfigMap" . }}
{{- end }}
- --port={{ .Values.ports.webhook }}
- --monitoring-port={{ .Values.ports.monitoring }}
- --log-level={{ .Values.logLevel }}
- --shutdown-delay={{ .Values.shutdownDelaySeconds }}
- --lease={{ include "podwright.fullname" . }}
- --scan-interval={{ .Values.scan.enabled | ternary (int .Values.scan.intervalSeconds) 0 }}
{{- if .Values.scan.page }}
- --scan-page
{{- end }}
{{- if .Values.reports.enabled }}
- --reports={{ .Values.reports.kind }}
{{- if .Values.reports.passes }}
- --report-passes
{{- end }}
- --max-reports={{ .Values.reports.max | int }}
{{- end }}
{{- if .Values.events.enabled }}
- --events
{{- end }}
{{- with .Values.monitoring.namespaces }}
- --metric-namespaces={{ . | int }}
{{- end }}
{{- if eq .Values.certificates.mode "self-managed" }}
- --certificate-secret={{ include "podwright.certificateSecret" . }}
- --service={{ include "podwright.fullname" . }}
- --webhook-configuration=podwright
{{- else }}
- --tls-cert=/etc/podwright-certificate/tls.crt
- --tls-key=/etc/podwright-certificate/tls.key
{{- end }}
{{- if .Values.clientCertificates.configMap }}
- --client-ca=/etc/podwright-clients/ca.crt
{{- range .Values.clientCertificates.names }}
- {{ printf "--client-name=%s" . | quote }}
{{- end }}
{{- else if .Values.clientCertificates.names }}
{{- fail "clientCertificates.names needs clientCertificates.configMap: the authorities that sign for these names" }}
{{- end }}
{{- if ne .Values.tls.minVersion "1.2" }}
- --tls-min-version={{ .Values.tls.minVersion }}
{{- end }}
{{- with .Values.tls.ciphers }}
- --tls-ciphers={{ join "," . }}
{{- end }}
{{- with .Values.extraArgs }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The volumes of the server: its policy, its certificate, a token for the API server, and a place for temporary files. */}}
{{- define "podwright.volumes" -}}
# Optional, so that a Pod starts with the last valid policy when there is no other.
- name: policy
  projected:
    sources:
    - configMap:
        name: {{ include "podwright.policyConfigMap" . }}
        optional: true
        items:
        - key: policy.yaml
          path: policy.yaml
    - configMap:
        name: {{ include "podwright.lastValidConfigMap" . }}
        optional: true
        items:
        - key: last-valid.yaml
          path: last-valid.yaml
{{ include "podwright.tokenVolume" . }}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
{{- if ne .Values.certificates.mode "self-managed" }}
- name: certificate
  secret:
    secretName: {{ include "podwright.certificateSecret" . }}
    defaultMode: 0440
    items:
    - key: tls.crt
      path: tls.crt
    - key: tls.key
      path: tls.key
{{- end }}
{{- with .Values.clientCertificates.configMap }}
- name: clients
  configMap:
    name: {{ . }}
    items:
    - key: {{ $.Values.clientCertificates.key }}
      path: ca.crt
{{- end }}
{{- end -}}

{{/* The token and the CA with which one container of a Pod calls the API server. */}}
{{- define "podwright.tokenVolume" -}}
- name: token
  projected:
    defaultMode: 0440
    sources:
    - serviceAccountToken:
        path: token
        expirationSeconds: 3607
    - configMap:
        name: kube-root-ca.crt
        items:
        - key: ca.crt
          path: ca.crt
    - downwardAPI:
        items:
        - path: namespace
          fieldRef:
            apiVersion: v1
            fieldPath: metadata.namespace
{{- end -}}

{{/* The mount of the token, where client libraries look for it. */}}
{{- define "podwright.tokenMount" -}}
- name: token
  mountPath: /var/run/secrets/kubernetes.io/serviceaccount
  readOnly: true
{{- end -}}

{{- define "podwright.volumeMounts" -}}
- name: policy
  mountPath: /etc/podwright
  readOnly: true
{{ include "podwright.tokenMount" . }}
- name: tmp
  mountPath: /tmp
{{- if ne .Values.certificates.mode "self-managed" }}
- name: certificate
  mountPath: /etc/podwright-certificate
  readOnly: true
{{- end }}
{{- if .Values.clientCertificates.configMap }}
- name: clients
  mountPath: /etc/podwright-clients
  readOnly: true
{{- end }}
{{- end -}}

{{/* As in values, over the Pods of this revision. */}}
{{- define "podwright.topologySpreadConstraints" -}}
{{- $selector := dict "matchLabels" (include "podwright.selectorLabels" . | fromYaml) -}}
{{- $ours := dict "labelSelector" $selector "matchLabelKeys" (list "pod-template-hash") -}}
{{- $constraints := list -}}
{{- range .Values.topologySpreadConstraints }}{{ $constraints = append $constraints (merge (dict) . $ours) }}{{ end -}}
{{- toYaml $constraints -}}
{{- end -}}

{{/* A probe. Takes the root and startup, liveness or readiness. */}}
{{- define "podwright.probe" -}}
{{- $kind := index . 1 -}}
{{- $timing := dict
      "startup" (dict "periodSeconds" 1 "timeoutSeconds" 2 "failureThreshold" 60)
      "liveness" (dict "periodSeconds" 10 "timeoutSeconds" 5 "failureThreshold" 6)
      "readiness" (dict "periodSeconds" 2 "timeoutSeconds" 2 "failureThreshold" 3) -}}
{{- $path := eq $kind "readiness" | ternary "/readyz" "/livez" -}}
{{- $probe := merge (dict "httpGet" (dict "path" $path "port" "metrics")) (get $timing $kind) -}}
{{- include "podwright.overwritten" (list $probe (get ((index . 0).Values.probes | default dict) $kind | default dict)) -}}
{{- end -}}
