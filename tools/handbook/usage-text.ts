export const USAGE = `npm run handbook -- COMMAND [options]

  import FILES…          Markdown, Word (.docx) and PDF files, or folders of them, as drafts
    --dry-run            shows the sections, what would change and what cannot be read; writes nothing
    --publish            publishes what it drafted, if no golden question is lost
    --language en|es     what the files are written in, whatever they look like
    --category NAME      for sections whose file names none
    --split-at LEVEL     headings of this level (1 to 6) begin a section (default: the chapters)
  publish [SLUG…]        publishes all drafts, or these
    --dry-run            shows what would become of the golden questions
  retire SLUG…           shows what would become of the golden questions without these sections
    --yes                takes them out, if no golden question is lost; what was published is kept as history
  embed                  vectors for what has none: passages, and golden questions
    --model NAME         the brand changes to this model: its vectors are made while the old ones answer, and it
                         answers once none is lacking and no golden question would be lost (for the brand's managers)
    --cancel             ends a change that is under way; everything stays as it is
  export DIR             what is published, as Markdown files that import again unchanged
    --overwrite          into a folder that is not empty
  gaps                   questions that were not found, rated down, or answered with a quote or figure that is in no
                         passage (unverified); questions with the same meaning together
    --days N             asked within so many days, 1 to 730 (default 30)
    --status STATUS      open, answered, dismissed or all (default open)
  gaps answer ID --section SLUG
  gaps dismiss ID
  gaps reopen ID
  golden list            questions that neither publishing nor retiring may lose. What the brand changes is refused for the
                         brand's own questions; for a restaurant's it warns
  golden add "QUESTION" --section SLUG  [--language en|es]
    --must-say WORDS     words that the passages given from the section must have, mostly a figure; may be repeated
  golden run             asks them now
  golden forget ID
  golden set-aside ID --why REASON
                         no publishing asks it any more, and the list says who set it aside and why: also for a
                         restaurant's question (for the brand's managers). golden restore ID asks it again
  usage                  questions, calls and the cost of voice by day, and the restaurant's limits
    --days N             of so many days, 1 to 730 (default 30)
  retention              for how many days the brand keeps what was asked in its restaurants
  retention DAYS         changes that, 1 to 730 (for the brand's managers)
  caution                categories and sections about which an answer also says to check with a manager
  caution NAME… --add    adds topics; --remove removes them (for the brand's managers)

For all of them:
    --group SLUG         the restaurant, for an account that manages several
    --brand              the brand's own sections, for all its restaurants
    --organisation SLUG  the brand, for an account that manages several
    --json               one JSON object as the last line

It works on the local stack, as its sample manager, who manages the restaurant and its brand. With HEARD_SUPABASE_URL it
works on that project:

  HEARD_SUPABASE_PUBLISHABLE_KEY                   sb_publishable_…
  HEARD_SIGN_IN_EMAIL                              a manager's or an owner's account
  HEARD_SIGN_IN_PASSWORD_FILE                      a file with its password, of mode 600
  OPENAI_API_KEY                                   for the passages' vectors; without it the project makes them
  OPENAI_BASE_URL                                  default https://api.openai.com/v1

Exit codes: 0 done · 1 something was refused, or a golden question would be lost · 64 the command is not understood`
