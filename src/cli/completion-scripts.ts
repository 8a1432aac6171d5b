/**
 * For each shell, a script that asks `podwright complete` for candidates and falls back to files, because most
 * arguments are files.
 */
export const shells = {
  bash: `# source <(podwright completion bash)
_podwright() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(podwright complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _podwright podwright
`,
  zsh: `#compdef podwright
# source <(podwright completion zsh), after compinit
_podwright() {
  local -a answers
  answers=(\${(f)"$(podwright complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#answers} )); then
    answers=("\${(@)answers//:/\\\\:}")
    answers=("\${(@)answers/$'\\t'/:}")
    _describe podwright answers
  else
    _files
  fi
}
compdef _podwright podwright
`,
  fish: `# podwright completion fish | source
function __podwright_complete
    set -l words (commandline -opc) "$(commandline -ct)"
    podwright complete -- $words[2..] 2>/dev/null
end
complete -c podwright -n 'test -n "$(__podwright_complete)"' -f -a '(__podwright_complete)'
`,
} as const;
