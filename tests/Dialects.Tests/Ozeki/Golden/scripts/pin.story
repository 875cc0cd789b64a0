script pin.ozml
keys 73@3s 7319@15s
answer http://app.test/ivr/pin.php goto.ozml
answer http://app.test/ivr/account.php?id=88 account.ozml

  0.000  Request: POST http://app.test/ivr/script NotificationName=IncomingCall&CallId=02Al26WS&CallerID=%2B3615550100&CallerDisplayName=%C3%81gnes+%26+Co&Dialed=%2B3615550199&ApiExtension=900
  0.000  Answered: the call is answered
  0.000  Hears: "Enter your four digit code."
  3.000  Key: 7
  3.200  Key: 3
  9.200  Hears: "Enter your four digit code."
 15.000  Key: 7
 15.200  Key: 3
 15.400  Key: 1
 15.600  Key: 9
 15.600  Request: POST http://app.test/ivr/pin.php?Lang=en&step=1 NotificationName=DtmfEntered&CallId=02Al26WS&DtmfDigits=7319&CallerID=%2B3615550100&Dialed=%2B3615550199&ApiExtension=900
 15.600  Request: POST http://app.test/ivr/account.php?id=88 NotificationName=GoTo&CallId=02Al26WS&CallerID=%2B3615550100&Dialed=%2B3615550199&ApiExtension=900
 15.600  Hears: "Your balance is 12 dollars, $name."
 17.810  Ended: the script hangs up: end of script
