import { useEffect, useState } from 'react';
import { useSession } from '@/data';
import { fill } from '../../parts/words';

/** What somebody should look after. */
export interface Issue {
  domain: string;
  issue_id: string;
  created: string;
  ignored: boolean;
  is_fixable: boolean;
  issue_domain: string | null;
  learn_more_url: string | null;
  severity: 'critical' | 'error' | 'warning';
  translation_key: string | null;
  translation_placeholders: Record<string, string> | null;
}

export type Texts = Readonly<Record<string, string>>;

const SEVERITIES = ['critical', 'error', 'warning'];

/** The worst first, then the newest. */
export function inOrder(issues: readonly Issue[]): Issue[] {
  return [...issues].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.created.localeCompare(a.created));
}

/** The server's words for an issue (`part`: `title`, `description`), filled in; empty: it has none. */
export function wordsOf(issue: Issue, part: string, texts: Texts, more?: Record<string, unknown> | null): string {
  const base = `component.${issue.domain}.issues.${issue.translation_key ?? issue.issue_id}`;
  return fill(texts[`${base}.${part}`] ?? '', { ...issue.translation_placeholders, ...more });
}

/** The server's texts about issues. */
export function useIssueTexts(): Texts | undefined {
  const session = useSession();
  const [texts, setTexts] = useState<Texts>();
  useEffect(() => {
    let wanted = true;
    session.command<{ resources: Texts }>('frontend/get_translations', { language: session.language, category: 'issues' }).then(
      ({ resources }) => wanted && setTexts(resources),
      () => wanted && setTexts({}), // then the issues' keys are what is shown
    );
    return () => {
      wanted = false;
    };
  }, [session]);
  return texts;
}
