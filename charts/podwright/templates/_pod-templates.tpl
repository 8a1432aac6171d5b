{{/* Kinds beyond those of Kubernetes that embed Pod templates: the known ones, then those of the policy. */}}
{{- define "podwright.podTemplateKinds" -}}
{{- $kinds := .Files.Get "files/pod-template-kinds.yaml" | fromYamlArray -}}
{{- range .Values.policy.podTemplates -}}
{{- $kinds = append $kinds (dict "group" .group "versions" .versions "resources" (list .resource)) -}}
{{- end -}}
{{- toYaml $kinds -}}
{{- end -}}

{{/*
Match conditions of workloads: an update that leaves all templates as they are is not asked about. All conditions must hold,
so each is about a field that no kind has beside that of another condition; the policy's own kinds may have any fields, so for
them only their own conditions count.
*/}}
{{- define "podwright.templateConditions" -}}
{{- $asked := "request.resource.resource + \".\" + request.resource.group" -}}
{{- $own := list -}}
{{- range .Values.policy.podTemplates }}{{ $own = append $own (printf "%s.%s" .resource .group) }}{{ end -}}
{{- $unlessOwn := empty $own | ternary "" (printf "%s in %s || " $asked (toJson $own)) -}}
{{- $known := dict
      "template-changes" "spec.template.spec"
      "pod-template-changes" "template.spec"
      "job-template-changes" "spec.jobTemplate.spec.template.spec"
      "scaled-job-template-changes" "spec.jobTargetRef.template.spec"
      "job-set-changes" "spec.replicatedJobs"
      "leader-worker-template-changes" "spec.leaderWorkerTemplate"
      "nested-template-changes" "spec.template" -}}
{{- range $name := keys $known | sortAlpha -}}
{{ include "podwright.unlessSame" (list $name (get $known $name) $unlessOwn) }}
{{ end -}}
{{- range $index, $kind := .Values.policy.podTemplates -}}
{{- $isOther := printf "%s != %q || " $asked (index $own $index) -}}
{{ include "podwright.unlessSameOfAnyName" (list (printf "own-template-changes-%d" (add1 $index)) (printf "%s.spec" .path) $isOther) }}
{{ end -}}
{{- if gt (add (len $known) (len $own)) 64 -}}
{{- fail "policy.podTemplates has more kinds than an API server takes conditions for: 57 at most" -}}
{{- end -}}
{{- end -}}
