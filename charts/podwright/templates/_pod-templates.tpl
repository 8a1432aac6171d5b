{{/* Kinds beyond those of Kubernetes that embed Pod templates: the known ones, then those of the policy. */}}
{{- define "podwright.podTemplateKinds" -}}
{{- $kinds := .Files.Get "files/pod-template-kinds.yaml" | fromYamlArray -}}
{{- range .Values.policy.podTemplates -}}
{{- $kind := dict "group" .group "versions" .versions "resources" (list .resource) -}}
{{- if not (has $kind $kinds) }}{{ $kinds = append $kinds $kind }}{{ end -}}
{{- end -}}
{{- toYaml $kinds -}}
{{- end -}}

{{/* The kinds of the operators in values, which are validated but not scanned: the scan reads their Pods. */}}
{{- define "podwright.operatorKinds" -}}
{{- $known := .Files.Get "files/operator-kinds.yaml" | fromYaml -}}
{{- $kinds := list -}}
{{- range $group := .Values.operatorGroups | default list | uniq | sortAlpha -}}
{{- if not (hasKey $known $group) -}}
{{- fail (printf "operatorGroups: %s is not a group whose kinds Podwright knows; it knows %s" $group (keys $known | sortAlpha | join ", ")) -}}
{{- end -}}
{{- $kinds = append $kinds (dict "group" $group "resources" (get $known $group)) -}}
{{- end -}}
{{- toYaml $kinds -}}
{{- end -}}

{{/*
Match conditions of workloads: an update that leaves all templates as they are, with their labels and annotations, is not asked
about. All conditions must hold, so each is about a field that no kind has beside that of another condition; the policy's own
kinds and those of operators may have any fields, so for them only their own conditions count.
*/}}
{{- define "podwright.templateConditions" -}}
{{- $asked := "request.resource.resource + \".\" + request.resource.group" -}}
{{- $own := dict -}}
{{- range .Values.policy.podTemplates -}}
{{- $resource := printf "%s.%s" .resource .group -}}
{{- $place := regexReplaceAll "\\[\\].*$" .path "" -}}
{{- $_ := set $own $resource (append (get $own $resource | default list) $place | uniq) -}}
{{- end -}}
{{- $operators := list -}}
{{- range $kind := include "podwright.operatorKinds" . | fromYamlArray -}}
{{- range $kind.resources }}{{ $operators = append $operators (printf "%s.%s" . $kind.group) }}{{ end -}}
{{- end -}}
{{- $others := concat (keys $own | sortAlpha) $operators | uniq -}}
{{- $unlessOther := empty $others | ternary "" (printf "%s in %s || " $asked (toJson $others)) -}}
{{- $known := dict
      "template-changes" "spec.template"
      "pod-template-changes" "template"
      "job-template-changes" "spec.jobTemplate.spec.template"
      "scaled-job-template-changes" "spec.jobTargetRef.template"
      "job-set-changes" "spec.replicatedJobs"
      "leader-worker-template-changes" "spec.leaderWorkerTemplate" -}}
{{- range $name := keys $known | sortAlpha -}}
{{ include "podwright.unlessSame" (list $name (get $known $name) $unlessOther) }}
{{ end -}}
{{- with $operators -}}
{{ include "podwright.unlessSame" (list "operator-kind-changes" "spec" (printf "(%s in %s) == false || " $asked (toJson .))) }}
{{ end -}}
{{- range $index, $resource := keys $own | sortAlpha -}}
{{- $isOther := printf "%s != %q || " $asked $resource -}}
{{ include "podwright.unlessSameOfAnyName" (list (printf "own-template-changes-%d" (add1 $index)) (get $own $resource) $isOther) }}
{{ end -}}
{{- if gt (add (len $known) (len $own) (empty $operators | ternary 0 1) (.Values.webhooks.matchConditions | default list | len)) 64 -}}
{{- fail "an API server takes at most 64 match conditions: 6 of the chart, one for each kind in policy.podTemplates, one for operatorGroups, and those of webhooks.matchConditions" -}}
{{- end -}}
{{- end -}}
