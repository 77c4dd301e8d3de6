{{- define "afina.name" -}}
{{- if contains "afina" .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-afina{{ end }}
{{- end }}

{{- /* Arguments: the root, the role. */ -}}
{{- define "afina.selector" -}}
app.kubernetes.io/name: afina
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "afina.labels" -}}
{{ include "afina.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ printf "%s-%s" (index . 0).Chart.Name (index . 0).Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "afina.config" -}}
{{- $own := dict "kafka" (dict "bootstrap.servers" .Values.kafka.bootstrapServers)
      "labelling" (dict "host" "0.0.0.0" "port" 8080)
      "management" (dict "host" "0.0.0.0" "port" 9400) -}}
{{- mergeOverwrite (deepCopy .Values.config) $own | toYaml }}
{{- end }}

{{- /* The name on the cluster of what topics/ calls so. Arguments: the root, the name. */ -}}
{{- define "afina.kafkaName" -}}
{{- $config := (index . 0).Values.config -}}
{{- $prefix := dig "topics" "prefix" "" $config -}}
{{- $name := index . 1 -}}
{{- if not (hasPrefix "${" $name) }}{{ $name = print $prefix $name }}{{ end -}}
{{- $name = replace "${classifier.applicationId}" (dig "classifier" "applicationId" "${topics.prefix}afina-classifier" $config) $name -}}
{{- $name = replace "${trainer.group}" (dig "trainer" "group" "${topics.prefix}afina-trainer" $config) $name -}}
{{- $name = replace "${labelling.group}" (dig "labelling" "group" "${topics.prefix}afina-labelling" $config) $name -}}
{{- replace "${topics.prefix}" $prefix $name }}
{{- end }}

{{- /* The Secret with a role's credentials for Kafka; may be empty. Arguments: the root, the role. */ -}}
{{- define "afina.kafkaSecret" -}}
{{- $root := index . 0 -}}
{{- if $root.Values.strimzi.users }}{{ include "afina.name" $root }}-{{ index . 1 }}
{{- else }}{{ index $root.Values.kafka.secrets (index . 1) }}{{ end }}
{{- end }}

{{- /* Options of every command that talks to Kafka. Arguments: the root, the role. */ -}}
{{- define "afina.clusterOptions" -}}
- --config=/etc/afina/config/afina.yaml
{{- if (index . 0).Values.strimzi.users }}
- --command-config=/etc/afina/config/strimzi.properties
{{- else if include "afina.kafkaSecret" . }}
- --command-config=/etc/afina/kafka/client.properties
{{- end }}
{{- end }}

{{- define "afina.serviceOptions" -}}
{{ include "afina.clusterOptions" . }}
- --log-format={{ (index . 0).Values.logFormat }}
{{- end }}

{{- define "afina.volumeMounts" -}}
- { name: tmp, mountPath: /tmp }
- { name: config, mountPath: /etc/afina/config, readOnly: true }
{{- if include "afina.kafkaSecret" . }}
- { name: kafka, mountPath: /etc/afina/kafka, readOnly: true }
{{- end }}
{{- if (index . 0).Values.strimzi.users }}
- { name: kafka-ca, mountPath: /etc/afina/kafka-ca, readOnly: true }
{{- end }}
{{- end }}

{{- define "afina.volumes" -}}
# Natives and the bundled backbone are unpacked here.
- { name: tmp, emptyDir: { sizeLimit: 1Gi } }
- { name: config, configMap: { name: {{ include "afina.name" (index . 0) }} } }
{{- with include "afina.kafkaSecret" . }}
- { name: kafka, secret: { secretName: {{ . }}, defaultMode: 0440 } }
{{- end }}
{{- if (index . 0).Values.strimzi.users }}
- { name: kafka-ca, secret: { secretName: {{ (index . 0).Values.strimzi.cluster }}-cluster-ca-cert, defaultMode: 0440 } }
{{- end }}
{{- end }}

{{- /* What all containers have in common. Arguments: the root, the image without its tag. */ -}}
{{- define "afina.container" -}}
{{- $image := (index . 0).Values.image -}}
image: {{ index . 1 }}:{{ $image.tag | default (index . 0).Chart.AppVersion }}
imagePullPolicy: {{ $image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{- /* What all pods have in common. Arguments: the root, the component, its values. */ -}}
{{- define "afina.pod" -}}
{{- $root := index . 0 -}}
{{- $values := index . 2 -}}
serviceAccountName: {{ include "afina.name" $root }}
automountServiceAccountToken: false
enableServiceLinks: false
# The user of the image.
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "afina.podMetadata" -}}
labels: {{- include "afina.selector" . | nindent 2 }}
annotations:
  # A change of the configuration restarts the pods.
  checksum/config: {{ include (print (index . 0).Template.BasePath "/configmap.yaml") (index . 0) | sha256sum }}
  {{- with (index . 2).podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- /* Away from each other, where there is room. */ -}}
{{- define "afina.spread" -}}
topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "afina.selector" $ | nindent 8 }}
  {{- end }}
{{- end }}

{{- /* src/docs/operations.md says what the three answers mean. Argument: for how many seconds a start may last. */ -}}
{{- define "afina.probes" -}}
startupProbe: { httpGet: { path: /health/started, port: management }, periodSeconds: 2, failureThreshold: {{ div . 2 }} }
livenessProbe: { httpGet: { path: /health/live, port: management }, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3 }
readinessProbe: { httpGet: { path: /health/ready, port: management }, periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 1 }
{{- end }}
