/** Markdown as elements. HTML in it stays text: whoever wrote it can neither run scripts nor load anything. */

import { type ComponentType, Fragment, lazy, Suspense } from 'react';
import type { Token, Tokens } from 'marked';
import styles from './Markdown.module.css';
import { Skeleton } from './Skeleton';

/** Where a link may lead: this home, the web, a letter. */
export function safeHref(href: string): string | null {
  return /^(https?:|mailto:|\/(?!\/)|#)/i.test(href.trim()) ? href.trim() : null;
}

/** Pictures of this server only: the policy allows no others. */
export const safePicture = (href: string): string | null => (/^\/(?!\/)/.test(href.trim()) ? href.trim() : null);

function Inline({ tokens }: { tokens: readonly Token[] | undefined }) {
  return tokens?.map((token, index) => <One key={index} token={token} />);
}

function LinkTo({ token }: { token: Tokens.Link }) {
  const href = safeHref(token.href);
  const inside = <Inline tokens={token.tokens} />;
  if (!href) return inside;
  return /^https?:/i.test(href) ? (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {inside}
    </a>
  ) : (
    <a href={href}>{inside}</a>
  );
}

function Items({ token }: { token: Tokens.List }) {
  const items = token.items.map((item, index) => (
    <li key={index}>
      <Inline tokens={item.tokens} />
    </li>
  ));
  return token.ordered ? <ol {...(token.start === '' ? {} : { start: Number(token.start) })}>{items}</ol> : <ul>{items}</ul>;
}

function Cells({ token }: { token: Tokens.Table }) {
  return (
    <div className={styles.scroll}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index}>
                <Inline tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, index) => (
                <td key={index}>
                  <Inline tokens={cell.tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const HEADINGS = ['h3', 'h3', 'h4', 'h4', 'h4', 'h4'] as const;

/** Entities of HTML that the lexer leaves for a writer of HTML. */
const plain = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

function One({ token }: { token: Token }) {
  switch (token.type) {
    case 'heading': {
      const Heading = HEADINGS[((token as Tokens.Heading).depth || 1) - 1] ?? 'h4';
      return (
        <Heading>
          <Inline tokens={token.tokens} />
        </Heading>
      );
    }
    case 'paragraph':
      return (
        <p>
          <Inline tokens={token.tokens} />
        </p>
      );
    case 'text':
      return token.tokens ? <Inline tokens={token.tokens} /> : <>{plain(token.text as string)}</>;
    case 'escape':
      return <>{plain(token.text as string)}</>;
    case 'strong':
      return (
        <strong>
          <Inline tokens={token.tokens} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Inline tokens={token.tokens} />
        </em>
      );
    case 'del':
      return (
        <del>
          <Inline tokens={token.tokens} />
        </del>
      );
    case 'codespan':
      return <code>{plain(token.text as string)}</code>;
    case 'code':
      return (
        <pre>
          <code>{token.text as string}</code>
        </pre>
      );
    case 'blockquote':
      return (
        <blockquote>
          <Inline tokens={token.tokens} />
        </blockquote>
      );
    case 'list':
      return <Items token={token as Tokens.List} />;
    case 'table':
      return <Cells token={token as Tokens.Table} />;
    case 'link':
      return <LinkTo token={token as Tokens.Link} />;
    case 'image': {
      const src = safePicture(String(token.href));
      return src ? <img src={src} alt={String(token.text)} /> : <>{String(token.text)}</>;
    }
    case 'br':
      return <br />;
    case 'hr':
      return <hr />;
    case 'space':
    case 'checkbox':
    case 'def':
      return null;
    default:
      return <Fragment>{token.raw}</Fragment>;
  }
}

const Text = lazy(async (): Promise<{ default: ComponentType<{ text: string }> }> => {
  const { marked } = await import('marked');
  return {
    default: function MarkdownText({ text }) {
      return (
        <div className={styles.text}>
          <Inline tokens={marked.lexer(text, { gfm: true, breaks: true })} />
        </div>
      );
    },
  };
});

export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<Skeleton height={60} />}>
      <Text text={text} />
    </Suspense>
  );
}
