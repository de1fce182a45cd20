// The browser's side of the verbs: finds things the way a person does, by the words on them.
// Runs as the body of a function; arguments: verb, scope (a selector or null), words, more words.
// Answers {found: …} or {problem: "a sentence"}.
const [verb, scope, words, more] = arguments;
const tidy = text => (text ?? '').replace(/\s+/g, ' ').trim();

// Behind a modal dialog nothing can be reached.
function reachable() {
  if (scope) return document.querySelector(scope);
  return [...document.querySelectorAll('dialog')].filter(d => d.matches(':modal')).at(-1) ?? document.body;
}

function isShown(element) {
  return element.checkVisibility
    ? element.checkVisibility({ visibilityProperty: true })
    : element.getClientRects().length > 0;
}

// The words of a label without those of the control inside it.
function labelWords(label) {
  const copy = label.cloneNode(true);
  copy.querySelectorAll('input, select, textarea, button').forEach(inner => inner.remove());
  return tidy(copy.textContent);
}

function nameOf(element) {
  const owners = element.getAttribute('aria-labelledby');
  if (owners) return tidy(owners.split(/\s+/).map(id => document.getElementById(id)?.textContent).join(' '));
  if (element.ariaLabel ?? element.getAttribute('aria-label')) return tidy(element.getAttribute('aria-label'));
  if (element.labels?.length) return tidy([...element.labels].map(labelWords).join(' '));
  if (element.localName === 'fieldset') return tidy(element.querySelector(':scope > legend')?.textContent);
  if (element.localName === 'input' && ['submit', 'button', 'reset'].includes(element.type)) return tidy(element.value);
  if (!['input', 'select', 'textarea'].includes(element.localName) && !element.isContentEditable) {
    const visible = tidy(element.innerText ?? element.textContent);
    if (visible) return visible;
  }
  return tidy(element.title || element.placeholder);
}

const kinds = {
  control: ['control', 'input:not([type=hidden], [type=submit], [type=button], [type=reset]), textarea, select, '
    + '[contenteditable]:not([contenteditable=false]), [role=textbox], [role=combobox], [role=searchbox]'],
  tick: ['box to tick', 'input[type=checkbox], input[type=radio], [role=checkbox], [role=radio], [role=switch]'],
  file: ['file field', 'input[type=file]'],
  button: ['button', 'button, summary, input[type=submit], input[type=button], input[type=reset], '
    + '[role=button], [role=tab], [role=menuitem], [role=option]'],
  link: ['link', 'a[href], [role=link]'],
  group: ['group', 'fieldset, [role=group], [role=radiogroup]'],
  option: ['option', 'option'],
};

// The exact name wins over one that begins so, and that over one that holds the words.
function find(kind, wanted, root = reachable()) {
  const [title, selector] = kinds[kind];
  if (!root) return { problem: `Nothing on the page is ${scope}.` };
  const candidates = [...root.querySelectorAll(selector)]
    .filter(element => ['file', 'option'].includes(kind) || (isShown(element) && !element.closest('[inert]')))
    .map(element => ({ element, name: nameOf(element) }));
  const text = tidy(wanted);
  for (const fits of [n => n === text, n => n.startsWith(text), n => n.includes(text)]) {
    const found = candidates.filter(candidate => fits(candidate.name));
    if (found.length === 1) return { found: found[0].element };
    if (found.length > 1) return { problem: `${found.length} times there is a ${title} “${text}”: look inside something smaller.` };
  }
  const names = candidates.map(candidate => `“${candidate.name}”`).join(', ');
  return { problem: `There is no ${title} “${text}”. There is: ${names || 'none at all'}.` };
}

function isDisabled(element) {
  return element.matches(':disabled') || element.getAttribute('aria-disabled') === 'true';
}

// Ready to be clicked: in the middle of the screen, clear of bars that stick to its edges.
function ready(outcome) {
  const element = outcome.found;
  if (!element) return outcome;
  if (isDisabled(element)) return { problem: `“${nameOf(element)}” is disabled.` };
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  return { found: element };
}

function isTicked(element) {
  return element.checked ?? element.getAttribute('aria-checked') === 'true';
}

// A box drawn by its label has no size of its own; a person clicks what is drawn.
function toClick(tick) {
  const { width, height } = tick.getBoundingClientRect();
  const drawn = width > 2 && height > 2 && getComputedStyle(tick).opacity !== '0';
  return drawn ? tick : tick.labels?.[0] ?? tick;
}

function tick(outcome, wanted) {
  const box = outcome.found;
  if (!box) return outcome;
  if (isTicked(box) === wanted) return { found: null };
  return ready({ found: toClick(box) });
}

function valueOf(element) {
  if (element.localName === 'select') return [...element.selectedOptions].map(o => tidy(o.textContent)).join(', ');
  if (['checkbox', 'radio'].includes(element.type) || element.hasAttribute('aria-checked')) return String(isTicked(element));
  return element.value ?? element.innerText;
}

function selectAll(element) {
  element.focus();
  if (element.select) return element.select();
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

// Pickers take no keys that would be the same in every engine and language.
function setPicker(element, value) {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(element, value);
  element.dispatchEvent(new Event('input', { bubbles: true }));
  element.dispatchEvent(new Event('change', { bubbles: true }));
}

const verbs = {
  control: () => ready(find('control', words)),
  button: () => ready(find('button', words)),
  link: () => ready(find('link', words)),
  file: () => find('file', words),
  tick: () => tick(find('tick', words), more),
  value: () => {
    const outcome = find('control', words);
    return outcome.found ? { found: valueOf(outcome.found) } : outcome;
  },
  choice: () => {
    const list = find('control', words);
    if (list.found?.localName === 'select') return find('option', more, list.found);
    const group = find('group', words);
    if (group.found) return tick(find('tick', more, group.found), true);
    return list.problem ? group : { problem: `“${words}” is not a list to choose from.` };
  },
  chosen: () => {
    const list = find('control', words);
    if (list.found?.localName === 'select') {
      const option = find('option', more, list.found).found;
      return option?.selected ? { found: true } : { problem: `“${more}” is not chosen; “${valueOf(list.found)}” is.` };
    }
    const group = find('group', words);
    const box = group.found && find('tick', more, group.found).found;
    return box && isTicked(box) ? { found: true } : { problem: `“${more}” is not ticked.` };
  },
  ticked: () => {
    const box = find('tick', words);
    if (!box.found) return box;
    return isTicked(box.found) === more ? { found: true } : { problem: `“${words}” is ${more ? 'not ' : ''}ticked.` };
  },
  text: () => {
    const root = scope ? document.querySelector(scope) : document.body;
    return root ? { found: tidy(root.innerText) } : { problem: `Nothing on the page is ${scope}.` };
  },
  focused: () => ({ found: document.activeElement === document.body ? '' : nameOf(document.activeElement) }),
  select_all: () => {
    if (['date', 'time', 'month', 'week', 'datetime-local', 'color', 'range'].includes(words.type)) {
      setPicker(words, more);
      return { found: 'set' };
    }
    selectAll(words);
    return { found: valueOf(words) === '' ? 'empty' : 'full' };
  },
  value_is: () => {
    const value = valueOf(words);
    return value === more ? { found: true } : { problem: `It holds “${value}”.` };
  },
  paste: () => {
    const clipboard = new DataTransfer();
    clipboard.setData('text/plain', words);
    const goesOn = document.activeElement.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true }));
    if (goesOn && !document.execCommand('insertText', false, words)) return { problem: 'Nothing that takes text has the focus.' };
    return { found: true };
  },
};
return verbs[verb]();
