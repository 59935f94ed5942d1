import { useEffect, useRef } from 'react';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import styles from './CodeMirrorEditor.module.css';
import type { CodeEditorProps } from './YamlEditor';

const colors = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--ok-ink)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--active-ink)' },
  { tag: tags.keyword, color: 'var(--info-ink)' },
  { tag: tags.comment, color: 'var(--ink-2)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--danger)' },
]);

const look = EditorView.theme({
  '&': { fontSize: '14px', color: 'var(--ink)', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', overflow: 'auto' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { background: 'transparent', color: 'var(--ink-2)', border: 'none' },
  '.cm-activeLine': { background: 'color-mix(in srgb, var(--surface-2) 60%, transparent)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': { background: 'color-mix(in srgb, var(--accent) 28%, transparent)' },
  '.cm-tooltip': { background: 'var(--surface)', color: 'var(--ink)', border: '1px solid var(--line)', borderRadius: '8px' },
});

/** In a shadow root: there the editor's styles are constructed sheets, which the page's policy allows. */
export default function CodeMirrorEditor({ label, value, onChange, language = 'yaml', mistakes = [], readOnly = false, goTo = null, height }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const told = useRef(onChange);
  const latest = useRef(value);
  const editing = useRef(new Compartment());
  useEffect(() => {
    told.current = onChange;
  });

  useEffect(() => {
    const host = place.current;
    if (!host) return undefined;
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open', delegatesFocus: true });
    const made = new EditorView({
      root,
      parent: root as unknown as HTMLElement,
      state: EditorState.create({
        doc: latest.current,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          indentUnit.of('  '),
          bracketMatching(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          lintGutter(),
          language === 'yaml' ? yaml() : [],
          syntaxHighlighting(colors),
          look,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }), // so that who scrolls with the keyboard gets there
          editing.current.of([]),
          // Escape, then Tab, leaves the editor: the keyboard is not caught in it.
          keymap.of([{ key: 'Escape', run: (self) => (self.contentDOM.blur(), host.focus(), true) }, indentWithTab, ...defaultKeymap, ...historyKeymap, ...searchKeymap]),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            const text = update.state.doc.toString();
            if (text === latest.current) return;
            latest.current = text;
            told.current(text);
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [language, label]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || value === latest.current) return;
    latest.current = value;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: editing.current.reconfigure([EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly)]) });
  }, [readOnly, language, label]);

  const marks = JSON.stringify(mistakes);
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const found: Diagnostic[] = (JSON.parse(marks) as typeof mistakes).map((each) => {
      const line = editor.state.doc.line(Math.max(1, Math.min(editor.state.doc.lines, each.line)));
      return { from: line.from, to: line.to, severity: 'error', message: each.text };
    });
    editor.dispatch(setDiagnostics(editor.state, found));
  }, [marks, value, language, label]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !goTo) return;
    const { from } = editor.state.doc.line(Math.max(1, Math.min(editor.state.doc.lines, goTo.line)));
    editor.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    editor.focus();
  }, [goTo]);

  return <div ref={place} className={styles.editor} tabIndex={-1} style={height ? { height } : {}} data-invalid={mistakes.length > 0 || undefined} />;
}
