/** The template that one begins with, in the words of whoever reads it. */

interface Words {
  /** Within the template: no quote of its own. */
  comment: string;
  time: string;
  sun: string;
  above: string;
  below: string;
}

export const exampleOf = ({ comment, time, sun, above, below }: Words): string => `{# ${comment} #}
{% for area in areas() -%}
{%- set on = area_entities(area) | select('is_state', 'on') | list -%}
{% if on %}{{ area_name(area) }}: {{ on | map('state_attr', 'friendly_name') | join(', ') }}
{% endif %}
{%- endfor %}
${time} {{ now().strftime('%H:%M') }}; ${sun} {{ '${above}' if is_state('sun.sun', 'above_horizon') else '${below}' }}.
`;
