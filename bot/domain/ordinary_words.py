"""Ordinary words within two edits of a command: they begin promises, and are no typos."""

ORDINARY = frozenset(
    """
    above accent accepts access acks alone always and anyway array asks assay audit awake aware bake band bank
    bare bark base bask bass batch beach beats behind bend best bind black blank block bond bone book brand
    brick buck bulk card cast cell chance chances channel clone code coke come cone cope core cost cover credit
    dance dank dare dark date deadline decide deck declare deep define demand dent desk detest dict diese
    digests dine direct dish disk dive dock docs doe does doing donate dont donut door dose dots down dozen dune
    each east edge edits eine emit ende ended ends evil except exhort exist exit exits expect expert explore
    exports face fact fast feed feeds feel fell felt find fine first fish fist fits five flow fond fund gave
    give gone grow habe hack had half hall halt handel handle hands hang hans hard harm hash hate haul have head
    heal heap hear heard heat hebe heir hell helm hemp here hint hold hole holy home hone hope host hover how
    hunt init into ist jede june just keen keep kelp kick kind knit know lack land lane last lead leap lease
    least left lend lese less lets lies life lift light like limit line link lint lisa lisp liste listing lite
    live lock lone long lose loss lost love made make male many mark mask meet meld mend mind mint misc miss
    mist mode model mole mood moon moor more most must nach named near neat nest never newer news next nine node
    none nope nose note noted one ones open over pace pack paid panel park past peek peel peer pick play please
    pole pong port pose post prove quit race rack raid raise rank read reap rebase recline rede redo reed reel
    refine refund reise relist rely remain remains remit remove rend repent report resend rest reverse rewind
    rich ride ring rise rises role rope rose rove rush sack said sams sand sang save says seat seed seek seem
    seen seit self sell send sets shadow shed shelf ship shock shoot shop shore short shot shows shut sick sind
    sink sits slack slot slow snow sock solve some soon sow speed stack staff stage stake stale stall stamp
    stand stands star start starts stat state static stay stays steps stop stow strings suit swap swaps tabs
    tack tags talk task tell tend test than thank tick tone track trick tune und under union unit unix used vend
    visit vote wait walk want way ways week weld well west whom wind wise wish yard zone
    """.split()
)
